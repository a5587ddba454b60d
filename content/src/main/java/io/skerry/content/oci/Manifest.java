package io.skerry.content.oci;

import io.skerry.content.json.JsonTree;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.List;

/**
 * What an image for one platform is made of.
 *
 * @param mediaType of the manifest itself
 * @param config its configuration
 * @param layers lowest first
 */
public record Manifest(String mediaType, Descriptor config, List<Descriptor> layers) {
    /** How large a manifest or index may be. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final int MOST_LAYERS = 512;

    public Manifest {
        layers = List.copyOf(layers);
    }

    /**
     * Reads an OCI image manifest or a Docker manifest of schema 2.
     *
     * @param mediaType as the registry called it
     * @throws ProblemException {@code manifest.malformed}, {@code manifest.unsupported}
     */
    public static Manifest parse(byte[] bytes, String mediaType) {
        JsonTree tree = ManifestDocument.read(bytes, mediaType, "The image's manifest");
        if (!MediaTypes.isManifest(mediaType)) {
            throw ManifestDocument.unsupported(
                    "'" + Text.shortened(mediaType, 100) + "' is not the media type of an image manifest.",
                    "Skerry runs OCI images and Docker images of schema 2.");
        }
        Descriptor config = Descriptors.parse(tree.required("config"));
        if (!config.mediaType().equals(MediaTypes.OCI_CONFIG)
                && !config.mediaType().equals(MediaTypes.DOCKER_CONFIG)) {
            throw ManifestDocument.unsupported(
                    "This is an artifact of type '" + Text.shortened(config.mediaType(), 100) + "', not an image.",
                    "Name a container image.");
        }
        List<Descriptor> layers = tree.required("layers").elements().stream()
                .map(Descriptors::parse)
                .toList();
        if (layers.size() > MOST_LAYERS) {
            throw tree.wrong("it has more than " + MOST_LAYERS + " layers");
        }
        layers.forEach(Manifest::checkLayer);
        return new Manifest(mediaType, config, layers);
    }

    /** What fetching the configuration and all layers transfers. */
    public long compressedBytes() {
        return layers.stream().mapToLong(Descriptor::size).reduce(config.size(), Manifest::sum);
    }

    /** Sizes come from outside: a sum beyond all bounds must not become a small one. */
    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static void checkLayer(Descriptor layer) {
        String type = layer.mediaType();
        if (type.contains(".foreign.") || type.contains(".nondistributable.")) {
            throw ManifestDocument.unsupported(
                    "The image has a layer that registries don't keep ('" + Text.shortened(type, 100) + "').",
                    "Use an image of which all layers are in the registry.");
        }
        if (!type.startsWith("application/vnd.oci.image.layer.v1.tar")
                && !type.startsWith("application/vnd.docker.image.rootfs.diff.tar")) {
            throw ManifestDocument.unsupported(
                    "The image has a layer of type '" + Text.shortened(type, 100) + "'.",
                    "Layers may be tar archives, plain or compressed by gzip or zstd.");
        }
        if (type.contains("encrypted")) {
            throw ManifestDocument.unsupported(
                    "The image has an encrypted layer ('" + Text.shortened(type, 100) + "').",
                    "Use an image whose layers aren't encrypted.");
        }
    }
}
