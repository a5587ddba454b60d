package io.skerry.content.oci;

import io.avaje.json.JsonWriter;
import io.avaje.json.stream.BytesJsonWriter;
import io.avaje.json.stream.JsonStream;
import io.skerry.content.json.JsonTree;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One image for several platforms: an OCI image index or a Docker manifest list.
 *
 * @param mediaType of the index itself
 * @param manifests of the images, in the order in which they are preferred
 */
public record Index(String mediaType, List<Descriptor> manifests) {
    private static final int MOST_MANIFESTS = 1_000;

    public Index {
        manifests = List.copyOf(manifests);
    }

    /** An OCI index of these. */
    public static Index of(List<Descriptor> manifests) {
        return new Index(MediaTypes.OCI_INDEX, manifests);
    }

    /**
     * Reads an OCI image index or a Docker manifest list.
     *
     * @param mediaType as the registry called it
     * @throws ProblemException {@code manifest.malformed}, {@code manifest.unsupported}
     */
    public static Index parse(byte[] bytes, String mediaType) {
        JsonTree tree = ManifestDocument.read(bytes, mediaType, "The image's index");
        if (!MediaTypes.isIndex(mediaType)) {
            throw ManifestDocument.unsupported(
                    "'" + Text.shortened(mediaType, 100) + "' is not the media type of an image index.",
                    "Skerry reads OCI indexes and Docker manifest lists.");
        }
        List<Descriptor> manifests = tree.required("manifests").elements().stream()
                .map(Descriptors::parse)
                .toList();
        if (manifests.size() > MOST_MANIFESTS) {
            throw tree.wrong("it has more than " + MOST_MANIFESTS + " images");
        }
        return new Index(mediaType, manifests);
    }

    /**
     * The image that runs best on this architecture: of the exact variant, else the highest lower one, else one that names no
     * variant; among equals the first.
     */
    public Optional<Descriptor> forArchitecture(Architecture architecture) {
        return manifests.stream()
                .filter(d -> MediaTypes.isManifest(d.mediaType()))
                .filter(d -> d.platform()
                        .filter(p -> p.os().equals("linux") && architecture.runs(p.architecture(), p.variant()))
                        .isPresent())
                .min(Comparator.comparingInt(d -> distance(architecture, d)));
    }

    /** The platforms of all images, as a sentence would list them. */
    public String platforms() {
        String all = manifests.stream()
                .flatMap(d -> d.platform().stream())
                // Attestations stand in indexes as images for an unknown platform.
                .filter(p -> !p.os().equals("unknown"))
                .map(Platform::toString)
                .distinct()
                .limit(20)
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "none" : Text.shortened(all, 300);
    }

    /** The JSON of it; the same index has the same bytes. */
    public byte[] toJson() {
        try (BytesJsonWriter writer = JsonStream.builder().build().bufferedWriterAsBytes()) {
            writer.beginObject();
            writer.name("schemaVersion");
            writer.value(2);
            writer.name("mediaType");
            writer.value(mediaType);
            writer.name("manifests");
            writer.beginArray();
            manifests.forEach(d -> write(writer, d));
            writer.endArray();
            writer.endObject();
            return writer.result();
        }
    }

    private static void write(JsonWriter writer, Descriptor descriptor) {
        writer.beginObject();
        writer.name("mediaType");
        writer.value(descriptor.mediaType());
        writer.name("digest");
        writer.value(descriptor.digest().value());
        writer.name("size");
        writer.value(descriptor.size());
        descriptor.platform().ifPresent(platform -> {
            writer.name("platform");
            writer.beginObject();
            writer.name("architecture");
            writer.value(platform.architecture());
            writer.name("os");
            writer.value(platform.os());
            if (!platform.variant().isEmpty()) {
                writer.name("variant");
                writer.value(platform.variant());
            }
            writer.endObject();
        });
        writer.endObject();
    }

    private static int distance(Architecture architecture, Descriptor descriptor) {
        String variant = descriptor.platform().map(Platform::variant).orElse("");
        if (variant.equals(architecture.ociVariant())) {
            return 0;
        }
        return switch (variant) {
            case "v6" -> 1;
            case "v5" -> 2;
            default -> 3;
        };
    }
}
