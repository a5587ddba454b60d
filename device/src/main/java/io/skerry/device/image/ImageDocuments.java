package io.skerry.device.image;

import io.skerry.content.ContentStore;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageConfig;
import io.skerry.content.oci.ImageConfigs;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.Manifest;
import io.skerry.content.oci.MediaTypes;
import io.skerry.content.registry.RegistryClient;
import io.skerry.content.registry.Resolved;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Images' manifests and configurations: some kilobytes each, kept as blobs. */
final class ImageDocuments {
    private static final System.Logger LOG = System.getLogger(ImageDocuments.class.getName());

    private final ContentStore blobs;
    private final RegistryClient registry;
    private final String registryHost;
    private final Architecture architecture;

    ImageDocuments(ContentStore blobs, RegistryClient registry, String registryHost, Architecture architecture) {
        this.blobs = blobs;
        this.registry = registry;
        this.registryHost = registryHost;
        this.architecture = architecture;
    }

    ImageReference reference(Image image) {
        return ImageReference.parse(registryHost + "/" + image.repository() + "@" + image.manifest());
    }

    /**
     * Fetches what is missing of an image's manifest and configuration.
     *
     * @throws ProblemException {@code image.…}, {@code registry.…}
     */
    ImageParts fetch(Image image) {
        Manifest manifest = manifest(image);
        return checked(image, manifest, config(image, manifest));
    }

    /**
     * An image of which nothing but layers may be missing.
     *
     * @throws ProblemException {@code image.…}
     */
    Optional<ImageParts> find(Image image) {
        return manifest(image.manifest()).flatMap(m -> config(image.manifest()).map(c -> checked(image, m, c)));
    }

    private Manifest manifest(Image image) {
        Optional<Manifest> known = manifest(image.manifest());
        if (known.isPresent()) {
            return known.get();
        }
        Resolved resolved = registry.manifest(reference(image));
        if (resolved.isIndex()) {
            throw new Problem(
                            "image.unsupported",
                            "Image " + image.repository() + " is named by the digest of an index, not of a manifest.")
                    .asException();
        }
        Manifest manifest = resolved.manifest();
        keep(resolved.bytes());
        return manifest;
    }

    private ImageConfig config(Image image, Manifest manifest) {
        Descriptor descriptor = manifest.config();
        Optional<byte[]> known = document(descriptor.digest(), ImageConfigs.MOST_BYTES);
        if (known.isPresent()) {
            return ImageConfigs.parse(known.get());
        }
        byte[] bytes = registry.blob(reference(image), descriptor, ImageConfigs.MOST_BYTES);
        ImageConfig config = ImageConfigs.parse(bytes);
        keep(bytes);
        return config;
    }

    /** In the place of one that can't be read. */
    private void keep(byte[] bytes) {
        blobs.delete(Digest.of(bytes));
        blobs.put(bytes);
    }

    private ImageParts checked(Image image, Manifest manifest, ImageConfig config) {
        if (!config.os().equals("linux") || !architecture.runs(config.architecture(), config.variant())) {
            throw new Problem(
                            "image.architecture-mismatch",
                            "Image " + image.repository() + " is made for " + config.os() + "/" + config.architecture()
                                    + (config.variant().isEmpty() ? "" : "/" + config.variant()) + ", this device is "
                                    + architecture.word() + ".",
                            "Import the service's image for " + architecture.word() + ".")
                    .asException();
        }
        if (config.diffIds().size() != manifest.layers().size()) {
            throw new Problem(
                            "image.corrupt",
                            "Image " + image.repository() + " has "
                                    + manifest.layers().size()
                                    + " layers, but its configuration names "
                                    + config.diffIds().size() + ".")
                    .asException();
        }
        return new ImageParts(image, manifest, config);
    }

    Optional<Manifest> manifest(Digest digest) {
        return document(digest, Manifest.MOST_BYTES).map(bytes -> Manifest.parse(bytes, mediaType(bytes)));
    }

    Optional<ImageConfig> config(Digest manifest) {
        return manifest(manifest)
                .flatMap(m -> document(m.config().digest(), ImageConfigs.MOST_BYTES))
                .map(ImageConfigs::parse);
    }

    /**
     * As it was fetched. One that the disk has spoilt since, or doesn't read, counts as if it were not there, so that it is
     * fetched again: one bad place on the disk mustn't keep the other images from being looked at.
     */
    private Optional<byte[]> document(Digest digest, int most) {
        if (!blobs.has(digest)) {
            return Optional.empty();
        }
        try {
            if (blobs.size(digest) <= most) {
                byte[] bytes = blobs.read(digest, most);
                if (Digest.of(bytes).equals(digest)) {
                    return Optional.of(bytes);
                }
            }
            LOG.log(System.Logger.Level.WARNING, "{0} was damaged on the disk and is fetched again", digest);
            blobs.delete(digest);
        } catch (ProblemException e) {
            if (e.code().equals("disk.interrupted")) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, digest + " can't be read and is fetched again", e);
        }
        return Optional.empty();
    }

    /** A stored manifest's own word for what it is; OCI's may leave it out, Docker's may not. */
    private static String mediaType(byte[] manifest) {
        return new String(manifest, StandardCharsets.UTF_8).contains(MediaTypes.DOCKER_MANIFEST)
                ? MediaTypes.DOCKER_MANIFEST
                : MediaTypes.OCI_MANIFEST;
    }
}
