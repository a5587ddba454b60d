package io.skerry.device.container;

import io.avaje.jsonb.Json;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import io.skerry.spec.desired.Container;
import java.nio.file.Path;
import java.util.List;

/** What a container was started from, as it is kept on the disk: enough to start it again without any network. */
@Json(naming = Json.Naming.LowerUnderscore)
record ContainerRecord(
        Container container, String manifest, ImageRecord image, String layersRoot, List<String> layers) {
    ContainerRecord {
        Required.field(container, "container");
        Required.field(manifest, "manifest");
        Required.field(image, "image");
        Required.field(layersRoot, "layers_root");
        Required.field(layers, "layers");
        layers = List.copyOf(layers);
    }

    static ContainerRecord of(Container container, PreparedImage image) {
        return new ContainerRecord(
                container,
                image.manifest().value(),
                ImageRecord.of(image.config()),
                image.layersRoot().toString(),
                image.layers());
    }

    PreparedImage prepared() {
        return new PreparedImage(new Digest(manifest), image.config(), Path.of(layersRoot), layers);
    }
}
