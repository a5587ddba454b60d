package io.skerry.device.container;

import io.avaje.jsonb.Json;
import io.skerry.device.revision.Forms;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import java.nio.file.Path;
import java.util.List;

/**
 * What a container was started from, as it is kept on the disk: enough to start it again without any network.
 *
 * @param number grows from one form of a container to the next; of two that are on the disk, the one with the smaller number
 *     is the main one
 * @param goal how far it is to get
 */
@Json(naming = Json.Naming.LowerUnderscore)
record ContainerRecord(
        Container container,
        String manifest,
        ImageRecord image,
        String layersRoot,
        List<String> layers,
        int number,
        Goal goal) {
    ContainerRecord {
        Required.field(goal, "goal");
        Required.field(container, "container");
        Required.field(manifest, "manifest");
        Required.field(image, "image");
        Required.field(layersRoot, "layers_root");
        Required.field(layers, "layers");
        layers = List.copyOf(layers);
    }

    static ContainerRecord of(Container container, PreparedImage image, int number, Goal goal) {
        return new ContainerRecord(
                container,
                image.manifest().value(),
                ImageRecord.of(image.config()),
                image.layersRoot().toString(),
                image.layers(),
                number,
                goal);
    }

    /** Whether its program isn't to be started. */
    boolean mounted() {
        return goal == Goal.MOUNTED;
    }

    /** Whether the other one is of the same form, so that what this one wrote is the other's too. */
    boolean sameForm(ContainerRecord other) {
        return Forms.same(container, other.container) && manifest.equals(other.manifest);
    }

    PreparedImage prepared() {
        return new PreparedImage(new Digest(manifest), image.config(), Path.of(layersRoot), layers);
    }
}
