package io.skerry.device.image;

import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.content.oci.ImageConfig;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.Manifest;
import io.skerry.content.registry.RegistryClient;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

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
    private final ImageDocuments documents;
    private final Layers layers;
    private final RegistryClient registry;
    private final Reservations reservations;
    /** Fetching and collecting exclude each other: a collector must not take what a fetch has just brought. */
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * @param content the folder; made when it is missing
     * @param registryHost host and port of the cloud's registry endpoint
     * @param architecture what this device can run
     * @param bootId what the machine calls this boot
     */
    public ImageStore(
            Path content,
            RegistryClient registry,
            String registryHost,
            Architecture architecture,
            ContentDisk disk,
            String bootId) {
        this.blobs = ContentStore.open(content);
        this.documents = new ImageDocuments(blobs, registry, registryHost, architecture);
        this.layers = new Layers(content.resolve("layers"), disk, bootId);
        this.registry = registry;
        this.reservations = Reservations.open(content.resolve("reserved"), disk);
    }

    @Override
    public void reserve(int revision, Collection<Image> images, long more) {
        lockInterruptibly();
        try {
            reservations.release(revision);
            List<ImageParts> all =
                    images.stream().distinct().map(documents::fetch).toList();
            reservations.take(revision, missing(all), more);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void release(int revision) {
        reservations.release(revision);
    }

    /** What these images still need of the disk, in bytes; what several of them share is counted once. */
    private Map<Part, Long> missing(Collection<ImageParts> images) {
        Map<Part, Long> parts = new HashMap<>();
        for (ImageParts image : images) {
            for (ImageParts.Layer layer : image.layers()) {
                if (!layers.isSound(layer.diffId())) {
                    parts.merge(new Part.Layer(layer.diffId()), layer.unpackedBytes(), Math::max);
                    parts.merge(new Part.Blob(layer.blob().digest()), missingBytes(layer), Math::max);
                }
            }
        }
        return parts;
    }

    private long missingBytes(ImageParts.Layer layer) {
        return blobs.has(layer.blob().digest())
                ? 0
                : Math.max(
                        0,
                        ImageParts.size(layer.blob())
                                - blobs.unfinishedBytes(layer.blob().digest()));
    }

    @Override
    public void fetch(Image image) {
        if (fetched(image)) {
            return;
        }
        lockInterruptibly();
        try {
            ImageParts parts = documents.fetch(image);
            reservations.require(missing(List.of(parts)));
            for (ImageParts.Layer layer : parts.layers()) {
                if (isMissing(layer)) {
                    fetch(documents.reference(image), layer);
                }
            }
        } finally {
            changing.unlock();
        }
    }

    private boolean isMissing(ImageParts.Layer layer) {
        return !layers.isSound(layer.diffId()) && !blobs.has(layer.blob().digest());
    }

    private void fetch(ImageReference reference, ImageParts.Layer layer) {
        Digest digest = layer.blob().digest();
        try (Reservation.Share share = reservations.share(new Part.Blob(digest));
                ContentStore.Partial partial =
                        blobs.partial(digest, layer.blob().size())) {
            long begun = partial.offset();
            share.arrived(0);
            registry.blob(reference, layer.blob(), partial, offset -> share.arrived(offset - begun));
            share.done();
        }
    }

    @Override
    public boolean fetched(Image image) {
        return documents
                .find(image)
                .filter(p -> p.layers().stream().noneMatch(this::isMissing))
                .isPresent();
    }

    @Override
    public PreparedImage unpack(Image image) {
        Optional<PreparedImage> here = prepared(image.manifest(), layers::isSound);
        if (here.isPresent()) {
            return here.get();
        }
        lockInterruptibly();
        try {
            ImageParts parts = documents
                    .find(image)
                    .orElseThrow(() -> new Problem(
                                    "content.missing", "Image " + image.repository() + " was not fetched yet.")
                            .asException());
            parts.layers().forEach(l -> unpack(l, image));
            return prepared(image.manifest())
                    .orElseThrow(() -> new Problem(
                                    "image.corrupt",
                                    "Image " + image.repository() + " isn't whole although all its layers are here.")
                            .asException());
        } finally {
            changing.unlock();
        }
    }

    private void unpack(ImageParts.Layer layer, Image image) {
        if (layers.isSound(layer.diffId())) {
            return;
        }
        Digest blob = layer.blob().digest();
        long most = image.unpackedBytes() > 0 ? limit(image.unpackedBytes()) : UNKNOWN_LAYER_BYTES;
        try (Reservation.Share share = reservations.share(new Part.Layer(layer.diffId()));
                InputStream archive = blobs.open(blob)) {
            share.arrived(0);
            long size = layer.blob().size();
            layers.unpack(layer.diffId(), new MeasuredInput(archive, n -> share.arrived(n, size)), most);
            share.done();
        } catch (IOException e) {
            throw DurableFiles.failed("read", blobs.path(blob), e);
        } catch (ProblemException e) {
            throw afterFailure(blob, e);
        }
        blobs.delete(blob);
        LOG.log(System.Logger.Level.DEBUG, "layer {0} is unpacked", layer.diffId());
    }

    /** Tar's own headers and padding come on top of what the files have. */
    private static long limit(long unpackedBytes) {
        return unpackedBytes + unpackedBytes / 4 + (256L << 20);
    }

    /** What can't be unpacked now can't be later: it goes, so that it is fetched again if it is asked for again. */
    private ProblemException afterFailure(Digest blob, ProblemException e) {
        if (!e.code().equals("image.corrupt") && !e.code().equals("image.too-large")) {
            return e;
        }
        boolean damaged = isDamaged(blob);
        blobs.delete(blob);
        return damaged
                ? new Problem(
                                "disk.damaged",
                                "The layer " + blob + " was damaged on the disk after it was fetched.",
                                "It is fetched again by itself; if this comes back, the disk is failing.")
                        .asException(e)
                : e;
    }

    private boolean isDamaged(Digest blob) {
        MessageDigest hash = Digest.sha256();
        try (InputStream in = Files.newInputStream(blobs.path(blob))) {
            byte[] buffer = new byte[64 << 10];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
        return !Digest.of(hash).equals(blob);
    }

    @Override
    public Optional<PreparedImage> prepared(Digest manifest) {
        return prepared(manifest, layers::has);
    }

    @Override
    public boolean isSound(Digest manifest) {
        return prepared(manifest, layers::isSound).isPresent();
    }

    @Override
    public boolean isFoundDamaged(Digest manifest) {
        boolean damaged = false;
        for (Digest diffId :
                documents.config(manifest).map(ImageConfig::diffIds).orElse(List.of())) {
            damaged |= layers.isFoundDamaged(diffId);
        }
        return damaged;
    }

    private Optional<PreparedImage> prepared(Digest manifest, Predicate<Digest> usable) {
        return documents
                .config(manifest)
                .filter(c -> c.diffIds().stream().allMatch(usable))
                .map(c -> new PreparedImage(
                        manifest,
                        c,
                        layers.root(),
                        c.diffIds().stream().map(Layers::name).toList()));
    }

    @Override
    public void collect(Set<Digest> keep) {
        reservations.tidy();
        // A fetch under way is for something wanted: whoever waits for it collects again after it.
        if (!changing.tryLock()) {
            return;
        }
        try {
            Set<Digest> keptBlobs = new HashSet<>(keep);
            Set<Digest> keptLayers = new HashSet<>();
            boolean allKnown = true;
            for (Digest digest : keep) {
                Optional<Manifest> manifest = documents.manifest(digest);
                Optional<ImageConfig> config = documents.config(digest);
                manifest.ifPresent(m -> keep(m, config, keptBlobs));
                config.ifPresent(c -> keptLayers.addAll(c.diffIds()));
                allKnown &= config.isPresent();
            }
            for (Digest blob : blobs.list()) {
                if (!keptBlobs.contains(blob)) {
                    blobs.delete(blob);
                }
            }
            layers.removeUnfinished();
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

    /** Of a layer that is unpacked no blob is needed: one is there when a daemon was killed before it was removed. */
    private void keep(Manifest manifest, Optional<ImageConfig> config, Set<Digest> kept) {
        kept.add(manifest.config().digest());
        List<Digest> diffIds = config.map(ImageConfig::diffIds).orElse(List.of());
        for (int i = 0; i < manifest.layers().size(); i++) {
            if (i >= diffIds.size() || !layers.isSound(diffIds.get(i))) {
                kept.add(manifest.layers().get(i).digest());
            }
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
