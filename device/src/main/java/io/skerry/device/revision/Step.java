package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.desired.Image;
import java.util.List;

/** One step on the way from what runs to what is wanted. Each can be repeated without harm. */
@Json(typeProperty = "type")
@Json.SubTypes({
    @Json.SubType(type = Step.Prepare.class, name = "prepare"),
    @Json.SubType(type = Step.Stop.class, name = "stop"),
    @Json.SubType(type = Step.Start.class, name = "start"),
    @Json.SubType(type = Step.Watch.class, name = "watch"),
    @Json.SubType(type = Step.Commit.class, name = "commit"),
    @Json.SubType(type = Step.Collect.class, name = "collect")
})
public sealed interface Step {
    /** Fetch, verify and unpack an image while everything old goes on running. */
    @Json
    record Prepare(Image image) implements Step {
        public Prepare {
            Required.field(image, "image");
        }
    }

    /** Stop and remove a container; its volumes stay. */
    @Json
    record Stop(String name, Why why) implements Step {
        public Stop {
            Required.field(name, "name");
            Required.field(why, "why");
        }
    }

    /** Start a container. */
    @Json
    record Start(String name, Why why) implements Step {
        public Start {
            Required.field(name, "name");
            Required.field(why, "why");
        }
    }

    /** See these containers through their probation; when one fails, go back. */
    @Json
    record Watch(List<String> names) implements Step {
        public Watch {
            Required.field(names, "names");
            names = List.copyOf(names);
        }
    }

    /**
     * Make this workload the one that the device runs from now on.
     *
     * @param workload its digest, as a digest is written
     */
    @Json
    record Commit(String workload) implements Step {
        public Commit {
            Required.field(workload, "workload");
        }
    }

    /** Remove the volumes of containers that are gone for good, and images that no kept revision needs. */
    @Json
    record Collect(List<String> gone) implements Step {
        public Collect {
            Required.field(gone, "gone");
            gone = List.copyOf(gone);
        }
    }

    /** Why a container is stopped or started. */
    enum Why {
        /** It wasn't wanted before. */
        NEW("new"),
        /** It is wanted otherwise than it was started. */
        CHANGED("changed"),
        /** It isn't wanted any more. */
        REMOVED("removed"),
        /** It should run, and doesn't. */
        MISSING("missing");

        private final String word;

        Why(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
