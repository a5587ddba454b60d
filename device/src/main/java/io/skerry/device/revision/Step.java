package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Required;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import java.util.List;
import java.util.Optional;

/** One step on the way from what runs to what is wanted. Each can be repeated without harm. */
@Json(typeProperty = "type")
@Json.SubTypes({
    @Json.SubType(type = Step.Reserve.class, name = "reserve"),
    @Json.SubType(type = Step.Fetch.class, name = "fetch"),
    @Json.SubType(type = Step.Unpack.class, name = "unpack"),
    @Json.SubType(type = Step.CreateVolume.class, name = "create-volume"),
    @Json.SubType(type = Step.AwaitLock.class, name = "await-lock"),
    @Json.SubType(type = Step.RunHook.class, name = "run-hook"),
    @Json.SubType(type = Step.Stop.class, name = "stop"),
    @Json.SubType(type = Step.Snapshot.class, name = "snapshot"),
    @Json.SubType(type = Step.Restore.class, name = "restore"),
    @Json.SubType(type = Step.Reboot.class, name = "reboot"),
    @Json.SubType(type = Step.ConfigureNetwork.class, name = "configure-network"),
    @Json.SubType(type = Step.Start.class, name = "start"),
    @Json.SubType(type = Step.Reach.class, name = "reach"),
    @Json.SubType(type = Step.Check.class, name = "check"),
    @Json.SubType(type = Step.Commit.class, name = "commit"),
    @Json.SubType(type = Step.Collect.class, name = "collect")
})
public sealed interface Step {
    /** The reason for it. */
    Why why();

    /** What it does, for a person. */
    String words();

    /** The one container that it is about; empty when it is about several or none. */
    default Optional<String> about() {
        return Optional.empty();
    }

    /** Whether it is done while everything old goes on running. */
    default boolean preparing() {
        return false;
    }

    /** Take the room that the images and the copies of volumes need, before the first byte of them. */
    @Json
    record Reserve(List<Image> images, List<VolumeId> snapshots, Why why) implements Step {
        public Reserve {
            Required.field(images, "images");
            Required.field(snapshots, "snapshots");
            Required.field(why, "why");
            images = List.copyOf(images);
            snapshots = List.copyOf(snapshots);
        }

        @Override
        public String words() {
            return "reserve space for " + images.size() + " images and the copies of " + snapshots.size() + " volumes";
        }

        @Override
        public boolean preparing() {
            return true;
        }
    }

    /** Fetch what is missing of an image, and verify it. */
    @Json
    record Fetch(Image image, Why why) implements Step {
        public Fetch {
            Required.field(image, "image");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "fetch " + image.repository() + "@" + image.manifest();
        }

        @Override
        public boolean preparing() {
            return true;
        }
    }

    /** Unpack what was fetched of an image. */
    @Json
    record Unpack(Image image, Why why) implements Step {
        public Unpack {
            Required.field(image, "image");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "unpack " + image.repository() + "@" + image.manifest();
        }

        @Override
        public boolean preparing() {
            return true;
        }
    }

    /** Make a volume with what the container's image has in its place. */
    @Json
    record CreateVolume(String container, VolumeMount mount, Why why) implements Step {
        public CreateVolume {
            Required.field(container, "container");
            Required.field(mount, "mount");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "create volume " + mount.source() + " of " + container;
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }

        @Override
        public boolean preparing() {
            return true;
        }
    }

    /** Wait until the container lets go of its update lock, at most this long. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record AwaitLock(String container, int limitSeconds, Why why) implements Step {
        public AwaitLock {
            Required.field(container, "container");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "wait while " + container + " holds its update lock, at most " + limitSeconds + " s";
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }
    }

    /** Run a command in a container. */
    @Json
    record RunHook(String container, Slot slot, When when, UpdateRules.Hook hook, Why why) implements Step {
        public RunHook {
            Required.field(container, "container");
            Required.field(slot, "slot");
            Required.field(when, "when");
            Required.field(hook, "hook");
            Required.field(why, "why");
        }

        /** As {@link #words()} of the hook that a container has then. */
        static String words(When when, String container) {
            return "run the " + when.word() + " hook in " + container;
        }

        /** Which hook of an update it is. */
        public enum When {
            /** Before anything is touched, in the old container. */
            PRE_UPDATE("pre-update"),
            /** While the new one runs beside it, in the old container. */
            HAND_OVER("hand-over"),
            /** When the new container has reached its goal, in it; when an update is called off that left the old one running, in that. */
            POST_UPDATE("post-update");

            private final String word;

            When(String word) {
                this.word = word;
            }

            @Json.Value
            public String word() {
                return word;
            }
        }

        @Override
        public String words() {
            return words(when, container);
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }
    }

    /** Stop and remove a container; its volumes stay. Where one runs beside it, that takes its place. */
    @Json
    record Stop(String container, Slot slot, Why why) implements Step {
        public Stop {
            Required.field(container, "container");
            Required.field(slot, "slot");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "stop " + container + beside(slot);
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }
    }

    /** Keep a volume as it is now, for going back. */
    @Json
    record Snapshot(String container, String volume, Why why) implements Step {
        public Snapshot {
            Required.field(container, "container");
            Required.field(volume, "volume");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "keep volume " + volume + " of " + container + " as it is";
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }
    }

    /** Put a volume back as it was kept. */
    @Json
    record Restore(String container, String volume, Why why) implements Step {
        public Restore {
            Required.field(container, "container");
            Required.field(volume, "volume");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "put volume " + volume + " of " + container + " back as it was";
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }
    }

    /** Reboot the device, because these containers change only with it. */
    @Json
    record Reboot(List<String> containers, Why why) implements Step {
        public Reboot {
            Required.field(containers, "containers");
            Required.field(why, "why");
            containers = List.copyOf(containers);
        }

        @Override
        public String words() {
            return "reboot the device, for " + String.join(", ", containers);
        }
    }

    /** Make what a container's network needs. */
    @Json
    record ConfigureNetwork(String container, Slot slot, Why why) implements Step {
        public ConfigureNetwork {
            Required.field(container, "container");
            Required.field(slot, "slot");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "configure the network of " + container + beside(slot);
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }
    }

    /** Start a container, or mount it when that is its goal. */
    @Json
    record Start(String container, Slot slot, Why why) implements Step {
        public Start {
            Required.field(container, "container");
            Required.field(slot, "slot");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "start " + container + beside(slot);
        }

        @Override
        public Optional<String> about() {
            return Optional.of(container);
        }
    }

    /** Wait until these containers of one group have reached their goals, at most this long. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Reach(String group, List<String> containers, Slot slot, int timeoutSeconds, Why why) implements Step {
        public Reach {
            Required.field(group, "group");
            Required.field(containers, "containers");
            Required.field(slot, "slot");
            Required.field(why, "why");
            containers = List.copyOf(containers);
        }

        @Override
        public String words() {
            return "wait until " + String.join(", ", containers) + " of group " + group
                    + " reached their goals, at most " + timeoutSeconds + " s";
        }
    }

    /** See these containers through their probation. */
    @Json
    record Check(List<String> containers, Why why) implements Step {
        public Check {
            Required.field(containers, "containers");
            Required.field(why, "why");
            containers = List.copyOf(containers);
        }

        @Override
        public String words() {
            return "watch " + String.join(", ", containers) + " through their probation";
        }
    }

    /**
     * Make this workload the one that the device runs from now on.
     *
     * @param workload its digest, as a digest is written
     */
    @Json
    record Commit(String workload, Why why) implements Step {
        public Commit {
            Required.field(workload, "workload");
            Required.field(why, "why");
        }

        @Override
        public String words() {
            return "commit workload " + workload;
        }
    }

    /** Remove the volumes of containers that are gone for good, and content that no kept revision needs. */
    @Json
    record Collect(List<String> gone, Why why) implements Step {
        public Collect {
            Required.field(gone, "gone");
            Required.field(why, "why");
            gone = List.copyOf(gone);
        }

        @Override
        public String words() {
            return "remove what no kept revision needs"
                    + (gone.isEmpty() ? "" : ", and the volumes of " + String.join(", ", gone));
        }
    }

    private static String beside(Slot slot) {
        return slot == Slot.BESIDE ? " beside the old one" : "";
    }

    /** Why a step is taken. */
    enum Why {
        /** It wasn't wanted before. */
        NEW("new"),
        /** It is wanted otherwise than it is. */
        CHANGED("changed"),
        /** It isn't wanted any more. */
        REMOVED("removed"),
        /** It should be there, and isn't. */
        MISSING("missing"),
        /** The device was started. */
        BOOT("boot"),
        /** The new one has taken its place. */
        REPLACED("replaced"),
        /** The update failed, and the revision before runs again. */
        GOES_BACK("goes-back"),
        /** What was switched to must prove itself, and is then kept. */
        UPDATE("update");

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
