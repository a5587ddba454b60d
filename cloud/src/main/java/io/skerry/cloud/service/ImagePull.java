package io.skerry.cloud.service;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.storage.Storage;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.registry.HttpTransport;
import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.content.registry.RemoteImage;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Pulls images out of registries into the content store. Blobs that the customer has there are not fetched again; what an
 * interrupted pull of his left is gone on from. What only others have is fetched as if it weren't there.
 */
public final class ImagePull {
    private static final int MOST_LAYERS = 127;
    private static final long LARGEST_LAYER = 8L << 30;
    private static final long LARGEST_IMAGE = 16L << 30;
    /** Left free for the database and for what else the control plane keeps. */
    static final long RESERVE = 256L << 20;

    private static final int LOCKS = 64;

    private final HttpTransport transport;
    private final Blobs blobs;
    private final CustomerBlobs customers;
    private final LongSupplier freeBytes;
    private final Set<String> plainHttpRegistries;
    /** One import at a time fetches a blob for a customer; the two pick its lock. */
    private final List<Lock> blobLocks =
            IntStream.range(0, LOCKS).<Lock>mapToObj(i -> new ReentrantLock()).toList();

    /** @param plainHttpRegistries hosts with their ports that are spoken to without TLS */
    public ImagePull(
            HttpTransport transport,
            Storage storage,
            InstantSource time,
            Blobs blobs,
            Set<String> plainHttpRegistries) {
        this(transport, new CustomerBlobs(storage, time), blobs, blobs::freeBytes, plainHttpRegistries);
    }

    ImagePull(
            HttpTransport transport,
            CustomerBlobs customers,
            Blobs blobs,
            LongSupplier freeBytes,
            Set<String> plainHttpRegistries) {
        this.transport = transport;
        this.customers = customers;
        this.blobs = blobs;
        this.freeBytes = freeBytes;
        this.plainHttpRegistries = Set.copyOf(plainHttpRegistries);
    }

    /**
     * The images of all sources, in their order; nothing large is fetched before all of them are known to fit.
     *
     * @param customerId whose they become
     * @throws io.skerry.spec.ProblemException {@code disk.full} before anything is written, and from the registry client, the store and the checks, naming what is wrong
     */
    List<PulledImage> pull(String customerId, List<ImageSource> sources, ImportProgress progress) {
        List<Remote> remotes = new ArrayList<>();
        for (ImageSource source : sources) {
            progress.step("resolving " + source.reference());
            RegistryClient client = client(source);
            RemoteImage image = client.image(source.reference(), source.architecture());
            check(source, image);
            remotes.add(new Remote(source, client, image));
        }
        requireRoom(customerId, remotes);
        progress.expect(
                remotes.stream().mapToLong(r -> r.image.compressedBytes()).sum());
        return remotes.stream().map(r -> pull(customerId, r, progress)).toList();
    }

    private RegistryClient client(ImageSource source) {
        boolean plain = plainHttpRegistries.contains(source.reference().registry());
        return new RegistryClient(transport, new RegistryAccess(source.credentials(), plain));
    }

    private static void check(ImageSource source, RemoteImage image) {
        List<Descriptor> layers = image.manifest().layers();
        if (layers.size() > MOST_LAYERS) {
            throw tooLarge(
                    source.written() + " has " + layers.size() + " layers", "at most " + MOST_LAYERS + " layers");
        }
        if (image.compressedBytes() > LARGEST_IMAGE) {
            throw tooLarge(
                    source.written() + " has " + image.compressedBytes() + " bytes",
                    "images of at most " + LARGEST_IMAGE + " bytes");
        }
        for (Descriptor layer : layers) {
            if (layer.size() > LARGEST_LAYER) {
                throw tooLarge(
                        "The layer " + layer.digest() + " of " + source.written() + " has " + layer.size() + " bytes",
                        "layers of at most " + LARGEST_LAYER + " bytes");
            }
        }
    }

    private boolean has(String customerId, Digest blob) {
        return customers.has(customerId, blob) && blobs.has(blob);
    }

    private void requireRoom(String customerId, List<Remote> remotes) {
        Map<Digest, Long> missing = new HashMap<>();
        for (Remote remote : remotes) {
            remote.image.manifest().layers().stream()
                    .filter(layer -> !has(customerId, layer.digest()))
                    .forEach(layer -> missing.put(layer.digest(), layer.size()));
        }
        long needed = blobs.bytesOnDisk(missing.values());
        long free = freeBytes.getAsLong();
        if (needed > 0 && needed + RESERVE > free) {
            String images = remotes.stream().map(r -> r.source.written()).collect(Collectors.joining(", "));
            throw new Problem(
                            "disk.full",
                            "Importing " + images + " needs " + needed + " bytes on the control plane's disk and "
                                    + RESERVE + " bytes to spare, but only " + free + " bytes are free.",
                            "Free some space or use a larger disk, and import again.")
                    .asException();
        }
    }

    private PulledImage pull(String customerId, Remote remote, ImportProgress progress) {
        RemoteImage image = remote.image;
        ImageReference reference = remote.source.reference();
        List<Descriptor> reached = new ArrayList<>();
        reached.add(new Descriptor(
                image.resolved().mediaType(),
                image.resolved().digest(),
                image.resolved().bytes().length));
        reached.add(image.manifest().config());
        for (int i = 0; i < 2; i++) {
            byte[] bytes = i == 0 ? image.resolved().bytes() : image.configBytes();
            blobs.put(bytes);
            progress.done(bytes.length);
        }
        long unpacked = 0;
        List<Descriptor> layers = image.manifest().layers();
        for (int i = 0; i < layers.size(); i++) {
            Descriptor layer = layers.get(i);
            String which = "layer " + (i + 1) + " of " + layers.size() + " of " + remote.source.written();
            progress.step("fetching " + which);
            locked(customerId, layer.digest(), () -> fetch(customerId, remote.client, reference, layer, progress));
            progress.step("checking " + which);
            unpacked += check(remote.source, layer, image.config().diffIds().get(i));
            reached.add(layer);
        }
        return new PulledImage(
                new VersionImage(
                        remote.source.architecture(),
                        remote.source.written(),
                        image.resolved().digest(),
                        image.resolved().mediaType(),
                        image.compressedBytes(),
                        unpacked),
                reached);
    }

    private void fetch(
            String customerId,
            RegistryClient client,
            ImageReference reference,
            Descriptor layer,
            ImportProgress progress) {
        if (has(customerId, layer.digest())) {
            if (blobs.size(layer.digest()) != layer.size()) {
                throw corrupt(reference.toString(), "the size of its layer " + layer.digest() + " is not as it says");
            }
            progress.done(layer.size());
            return;
        }
        blobs.fetch(
                customerId,
                layer.digest(),
                layer.size(),
                partial -> client.blob(reference, layer, partial, progress::current));
        customers.brought(customerId, layer.digest());
        progress.done(layer.size());
    }

    private long check(ImageSource source, Descriptor layer, Digest diffId) {
        UncompressedLayer found = UncompressedLayer.of(blobs, layer.digest(), source.written());
        if (!found.diffId().equals(diffId)) {
            throw corrupt(
                    source.written(),
                    "its layer " + layer.digest() + " holds " + found.diffId() + ", and its configuration says "
                            + diffId);
        }
        return found.bytes();
    }

    private void locked(String customerId, Digest digest, Runnable work) {
        Lock lock = blobLocks.get(Math.floorMod((customerId + digest.value()).hashCode(), LOCKS));
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    static RuntimeException corrupt(String image, String why) {
        return new Problem(
                        "image.corrupt",
                        "The image " + image + " is damaged: " + why + ".",
                        "Build it and push it again.")
                .asException();
    }

    private static RuntimeException tooLarge(String what, String most) {
        return new Problem("image.too-large", what + ".", "This installation takes " + most + ".").asException();
    }

    private record Remote(ImageSource source, RegistryClient client, RemoteImage image) {}
}
