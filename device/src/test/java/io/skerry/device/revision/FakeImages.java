package io.skerry.device.revision;

import io.skerry.content.oci.ImageConfig;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Image;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Images in memory. They outlive the engine, as files do. */
final class FakeImages implements Images {
    final List<Digest> fetched = new CopyOnWriteArrayList<>();
    final List<Digest> inspected = new CopyOnWriteArrayList<>();
    final List<Digest> interrupted = new CopyOnWriteArrayList<>();
    /** What each image is, of those whose content matters. */
    private final Map<Digest, String> published = new ConcurrentHashMap<>();

    private final Map<Digest, String> archives = new ConcurrentHashMap<>();
    private final Map<Digest, String> here = new ConcurrentHashMap<>();
    private final Set<Digest> rotten = ConcurrentHashMap.newKeySet();
    private final Set<Digest> foundDamaged = ConcurrentHashMap.newKeySet();
    private final Set<Digest> halves = ConcurrentHashMap.newKeySet();
    /** What is reserved, by revision. */
    private final Map<Integer, Set<Digest>> reserved = new ConcurrentHashMap<>();

    private final Map<Digest, Problem> failing = new ConcurrentHashMap<>();
    private final Map<Digest, Error> breaking = new ConcurrentHashMap<>();
    private final Set<Digest> large = ConcurrentHashMap.newKeySet();
    private final Map<Digest, CountDownLatch> held = new ConcurrentHashMap<>();
    /** How many images the disk has room for. */
    volatile int room = Integer.MAX_VALUE;

    /** Told of each point amid a call at which a daemon may be killed. */
    volatile Consumer<String> amid = _ -> {};

    @Override
    public void reserve(int revision, java.util.Collection<Image> images, long more) {
        Set<Digest> taken = ConcurrentHashMap.newKeySet();
        reserved.put(revision, taken);
        long missing = images.stream().filter(i -> !fetched(i)).count();
        if (here.size() + missing > room) {
            throw new Problem("disk.full", "There is room for " + room + " images only.").asException();
        }
        for (Image image : images) {
            if (large.contains(image.manifest())) {
                throw new Problem("disk.full", "There is no room for " + image.manifest() + ".").asException();
            }
            taken.add(image.manifest());
            amid.accept("reserved one");
        }
    }

    @Override
    public void release(int revision) {
        reserved.remove(revision);
    }

    @Override
    public boolean fetched(Image image) {
        return archives.containsKey(image.manifest()) || isSound(image.manifest());
    }

    @Override
    public PreparedImage unpack(Image image) {
        Digest digest = image.manifest();
        if (!isSound(digest)) {
            String content = Objects.requireNonNull(archives.get(digest), "it isn't fetched");
            if (!isWhole(digest, content)) {
                archives.remove(digest);
                throw new Problem("image.corrupt", "The image " + digest + " is spoilt.").asException();
            }
            half(digest);
            here.put(digest, content);
            foundDamaged.remove(digest);
            amid.accept("unpacked");
            archives.remove(digest);
        }
        return prepared(digest).orElseThrow();
    }

    private boolean isWhole(Digest digest, String content) {
        return !published.containsKey(digest)
                || Digest.of(content.getBytes(StandardCharsets.UTF_8)).equals(digest);
    }

    private void half(Digest digest) {
        halves.add(digest);
        amid.accept("half");
        halves.remove(digest);
    }

    @Override
    public void fetch(Image image) {
        Digest digest = image.manifest();
        if (!fetched(image)) {
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
            half(digest);
            String content = published.getOrDefault(digest, "unknown");
            if (!isWhole(digest, content)) {
                throw new Problem("image.corrupt", "The image " + digest + " is spoilt.").asException();
            }
            archives.put(digest, content);
        }
    }

    @Override
    public Optional<PreparedImage> prepared(Digest manifest) {
        return here.containsKey(manifest)
                ? Optional.of(new PreparedImage(manifest, CONFIG, Path.of("/layers"), List.of("layer")))
                : Optional.empty();
    }

    @Override
    public boolean isSound(Digest manifest) {
        return here.containsKey(manifest) && !foundDamaged.contains(manifest);
    }

    @Override
    public boolean isFoundDamaged(Digest manifest) {
        inspected.add(manifest);
        if (rotten.remove(manifest)) {
            foundDamaged.add(manifest);
        }
        return foundDamaged.contains(manifest);
    }

    @Override
    public void collect(Set<Digest> keep) {
        here.keySet().retainAll(keep);
        amid.accept("removed images");
        archives.keySet().retainAll(keep);
        halves.retainAll(keep);
    }

    /** It is on the device, and nothing needs it. */
    void litter(Digest manifest) {
        here.put(manifest, "litter");
    }

    boolean has(Digest manifest) {
        return here.containsKey(manifest);
    }

    /** The registry has it; the digest of this is its manifest's. */
    void publish(String content) {
        published.put(Digest.of(content.getBytes(StandardCharsets.UTF_8)), content);
    }

    /** The registry gives something else for it. */
    void spoil(Digest manifest) {
        published.computeIfPresent(manifest, (_, content) -> "not " + content);
    }

    /** What was unpacked of it isn't any more what it was, which nobody has seen yet. */
    void rot(Digest manifest) {
        rotten.add(manifest);
    }

    /** Whether what was unpacked of it isn't what it was, known or not. */
    boolean isSpoilt(Digest manifest) {
        return rotten.contains(manifest) || foundDamaged.contains(manifest);
    }

    /** What was fetched of it isn't any more what it was. */
    void spoilFetched(Digest manifest) {
        archives.computeIfPresent(manifest, (_, content) -> "not " + content);
    }

    /** What is done when a daemon starts about what the one before it left half done. */
    void takeUp() {
        reserved.clear();
    }

    /** All of which there is anything. */
    Set<Digest> touched() {
        Set<Digest> all = new HashSet<>(here.keySet());
        all.addAll(archives.keySet());
        all.addAll(halves);
        return all;
    }

    /** Those on the device that aren't what their digest says. */
    List<Digest> corrupt() {
        return here.entrySet().stream()
                .filter(e -> !isWhole(e.getKey(), e.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    Set<Digest> reserved() {
        return reserved.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
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
