package io.skerry.device.image;

import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageConfig;
import io.skerry.content.oci.ImageConfigs;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.Manifest;
import io.skerry.content.oci.MediaTypes;
import io.skerry.content.registry.RegistryClient;
import io.skerry.content.registry.Resolved;
import io.skerry.device.revision.Images;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Images from the cloud's registry endpoint, in the data folder's {@code content}: manifests and configurations as blobs,
 * layers unpacked. A layer's blob is there only from its fetch until it is unpacked. Nothing counts before its digest was
 * computed here.
 */
public final class ImageStore implements Images {
    private static final System.Logger LOG = System.getLogger(ImageStore.class.getName());

    /** A layer may unpack to this much at most when nobody said how much it will be. */
    private static final long UNKNOWN_LAYER_BYTES = 16L << 30;

    private final ContentStore blobs;
    private final Layers layers;
    private final RegistryClient registry;
    private final String registryHost;
    private final Architecture architecture;
    /** Fetching and collecting exclude each other: a collector must not take what a fetch has just brought. */
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * @param content the folder; made when it is missing
     * @param registryHost host and port of the cloud's registry endpoint
     * @param architecture what this device can run
     */
    public ImageStore(
            Path content,
            RegistryClient registry,
            String registryHost,
            Architecture architecture,
            FileSystemSync fileSystem) {
        this.blobs = ContentStore.open(content);
        this.layers = new Layers(content.resolve("layers"), fileSystem);
        this.registry = registry;
        this.registryHost = registryHost;
        this.architecture = architecture;
    }

    @Override
    public void reserve(Collection<Image> images, long more) {}

    @Override
    public void release() {}

    @Override
    public void fetch(Image image) {
        prepare(image);
    }

    @Override
    public boolean fetched(Image image) {
        return prepared(image.manifest()).isPresent();
    }

    @Override
    public PreparedImage unpack(Image image) {
        return prepare(image);
    }

    PreparedImage prepare(Image image) {
        Optional<PreparedImage> here = prepared(image.manifest());
        if (here.isPresent()) {
            return here.get();
        }
        lockInterruptibly();
        try {
            ImageReference reference =
                    ImageReference.parse(registryHost + "/" + image.repository() + "@" + image.manifest());
            Manifest manifest = manifest(reference, image);
            ImageConfig config = config(reference, manifest);
            check(image, manifest, config);
            requireSpace(image, manifest, config);
            for (int i = 0; i < manifest.layers().size(); i++) {
                layer(reference, manifest.layers().get(i), config.diffIds().get(i), image);
            }
            return prepared(image, manifest, config);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public Optional<PreparedImage> prepared(Digest manifest) {
        return knownConfig(manifest)
                .filter(c -> c.diffIds().stream().allMatch(layers::has))
                .map(c -> new PreparedImage(
                        manifest,
                        c,
                        layers.root(),
                        c.diffIds().stream().map(Layers::name).toList()));
    }

    @Override
    public void collect(Set<Digest> keep) {
        // A fetch under way is for something wanted: whoever waits for it collects again after it.
        if (!changing.tryLock()) {
            return;
        }
        try {
            Set<Digest> keptBlobs = new HashSet<>(keep);
            Set<Digest> keptLayers = new HashSet<>();
            boolean allKnown = true;
            for (Digest manifest : keep) {
                Optional<Manifest> parsed = knownManifest(manifest);
                Optional<ImageConfig> config = knownConfig(manifest);
                parsed.ifPresent(m -> {
                    keptBlobs.add(m.config().digest());
                    m.layers().forEach(l -> keptBlobs.add(l.digest()));
                });
                config.ifPresent(c -> keptLayers.addAll(c.diffIds()));
                allKnown &= config.isPresent();
            }
            for (Digest blob : blobs.list()) {
                if (!keptBlobs.contains(blob)) {
                    blobs.delete(blob);
                }
            }
            if (allKnown) {
                // Of an image whose manifest isn't here yet nobody knows which parts are its own: none is thrown away
                // then.
                for (Digest blob : blobs.unfinished()) {
                    if (!keptBlobs.contains(blob)) {
                        blobs.delete(blob);
                    }
                }
                layers.keepOnly(keptLayers);
            }
        } finally {
            changing.unlock();
        }
    }

    private Manifest manifest(ImageReference reference, Image image) {
        Optional<Manifest> known = knownManifest(image.manifest());
        if (known.isPresent()) {
            return known.get();
        }
        Resolved resolved = registry.manifest(reference);
        if (resolved.isIndex()) {
            throw new Problem(
                            "image.unsupported",
                            "Image " + image.repository() + " is named by the digest of an index, not of a manifest.")
                    .asException();
        }
        Manifest manifest = resolved.manifest();
        blobs.put(resolved.bytes());
        return manifest;
    }

    private ImageConfig config(ImageReference reference, Manifest manifest) {
        Descriptor descriptor = manifest.config();
        if (!blobs.has(descriptor.digest())) {
            byte[] bytes = registry.blob(reference, descriptor, ImageConfigs.MOST_BYTES);
            ImageConfigs.parse(bytes);
            blobs.put(bytes);
        }
        return ImageConfigs.parse(blobs.read(descriptor.digest(), ImageConfigs.MOST_BYTES));
    }

    private void check(Image image, Manifest manifest, ImageConfig config) {
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
    }

    private void requireSpace(Image image, Manifest manifest, ImageConfig config) {
        long needed = 0;
        boolean missing = false;
        for (int i = 0; i < manifest.layers().size(); i++) {
            if (!layers.has(config.diffIds().get(i))) {
                missing = true;
                Digest blob = manifest.layers().get(i).digest();
                needed += blobs.has(blob) ? 0 : manifest.layers().get(i).size();
            }
        }
        if (missing) {
            needed += Math.max(0, image.unpackedBytes());
            SpaceCheck.require(image.repository(), needed, free());
        }
    }

    private void layer(ImageReference reference, Descriptor descriptor, Digest diffId, Image image) {
        if (layers.has(diffId)) {
            return;
        }
        if (!blobs.has(descriptor.digest())) {
            try (ContentStore.Partial partial = blobs.partial(descriptor.digest(), descriptor.size())) {
                registry.blob(reference, descriptor, partial, _ -> {});
            }
        }
        long most = image.unpackedBytes() > 0 ? limit(image.unpackedBytes()) : UNKNOWN_LAYER_BYTES;
        try (InputStream archive = blobs.open(descriptor.digest())) {
            layers.unpack(diffId, archive, most);
        } catch (IOException e) {
            throw DurableFiles.failed("read", blobs.path(descriptor.digest()), e);
        } catch (ProblemException e) {
            if (e.code().startsWith("image.")) {
                // What can't be unpacked now can't be later.
                blobs.delete(descriptor.digest());
            }
            throw e;
        }
        blobs.delete(descriptor.digest());
        LOG.log(System.Logger.Level.DEBUG, "layer {0} is unpacked", diffId);
    }

    /** Tar's own headers and padding come on top of what the files have. */
    private static long limit(long unpackedBytes) {
        return unpackedBytes + unpackedBytes / 4 + (256L << 20);
    }

    private PreparedImage prepared(Image image, Manifest manifest, ImageConfig config) {
        return prepared(image.manifest())
                .orElseThrow(() -> new Problem(
                                "image.corrupt",
                                "Image " + image.repository() + " ("
                                        + manifest.layers().size() + " layers, "
                                        + config.diffIds().size() + " named) isn't whole after its fetch.")
                        .asException());
    }

    private Optional<Manifest> knownManifest(Digest digest) {
        if (!blobs.has(digest)) {
            return Optional.empty();
        }
        byte[] bytes = blobs.read(digest, Manifest.MOST_BYTES);
        return Optional.of(Manifest.parse(bytes, mediaType(bytes)));
    }

    private Optional<ImageConfig> knownConfig(Digest manifest) {
        return knownManifest(manifest)
                .map(m -> m.config().digest())
                .filter(blobs::has)
                .map(d -> ImageConfigs.parse(blobs.read(d, ImageConfigs.MOST_BYTES)));
    }

    /** A stored manifest's own word for what it is; OCI's may leave it out, Docker's may not. */
    private static String mediaType(byte[] manifest) {
        return new String(manifest, java.nio.charset.StandardCharsets.UTF_8).contains(MediaTypes.DOCKER_MANIFEST)
                ? MediaTypes.DOCKER_MANIFEST
                : MediaTypes.OCI_MANIFEST;
    }

    private long free() {
        try {
            return Files.getFileStore(layers.root()).getUsableSpace();
        } catch (IOException e) {
            throw DurableFiles.failed("ask for the space of", layers.root(), e);
        }
    }

    private void lockInterruptibly() {
        try {
            changing.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("content.busy", "The fetch of an image was interrupted.").asException(e);
        }
    }
}
