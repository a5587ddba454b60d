package io.skerry.device.revision;

import io.skerry.content.oci.ImageConfig;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Image;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Images in memory. They outlive the engine, as files do. */
final class FakeImages implements Images {
    final List<Digest> fetched = new CopyOnWriteArrayList<>();
    final List<Digest> interrupted = new CopyOnWriteArrayList<>();
    private final Set<Digest> here = ConcurrentHashMap.newKeySet();
    private final Map<Digest, Problem> failing = new ConcurrentHashMap<>();
    private final Map<Digest, Error> breaking = new ConcurrentHashMap<>();
    private final Set<Digest> large = ConcurrentHashMap.newKeySet();
    private final Map<Digest, CountDownLatch> held = new ConcurrentHashMap<>();

    @Override
    public void reserve(java.util.Collection<Image> images, long more) {
        for (Image image : images) {
            if (large.contains(image.manifest())) {
                throw new Problem("disk.full", "There is no room for " + image.manifest() + ".").asException();
            }
        }
    }

    @Override
    public void release() {}

    @Override
    public boolean fetched(Image image) {
        return here.contains(image.manifest());
    }

    @Override
    public PreparedImage unpack(Image image) {
        return prepared(image.manifest()).orElseThrow();
    }

    @Override
    public void fetch(Image image) {
        Digest digest = image.manifest();
        if (!here.contains(digest)) {
            fetched.add(digest);
            CountDownLatch hold = held.get(digest);
            if (hold != null) {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    interrupted.add(digest);
                    Thread.currentThread().interrupt();
                    throw new Problem("registry.interrupted", "interrupted").asException(e);
                }
            }
            Error error = breaking.get(digest);
            if (error != null) {
                throw error;
            }
            Problem problem = failing.get(digest);
            if (problem != null) {
                throw problem.asException();
            }
            here.add(digest);
        }
    }

    @Override
    public Optional<PreparedImage> prepared(Digest manifest) {
        return here.contains(manifest)
                ? Optional.of(new PreparedImage(manifest, CONFIG, Path.of("/layers"), List.of("layer")))
                : Optional.empty();
    }

    @Override
    public void collect(Set<Digest> keep) {
        here.retainAll(keep);
    }

    boolean has(Digest manifest) {
        return here.contains(manifest);
    }

    void fail(Digest manifest, String code) {
        failing.put(manifest, new Problem(code, "No image " + manifest + "."));
    }

    void breakOff(Digest manifest, Error error) {
        breaking.put(manifest, error);
    }

    /** There is no room for it. */
    void tooLarge(Digest manifest) {
        large.add(manifest);
    }

    void mend(Digest manifest) {
        large.remove(manifest);
        failing.remove(manifest);
        breaking.remove(manifest);
    }

    /** Its fetch doesn't get on until it is let go. */
    void hold(Digest manifest) {
        held.put(manifest, new CountDownLatch(1));
    }

    void letGo(Digest manifest) {
        Objects.requireNonNull(held.remove(manifest)).countDown();
    }

    private static final ImageConfig CONFIG = new ImageConfig(
            "linux",
            "amd64",
            "",
            List.of(),
            List.of("/bin/true"),
            new HashMap<>(),
            "",
            "/",
            "SIGTERM",
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());
}
