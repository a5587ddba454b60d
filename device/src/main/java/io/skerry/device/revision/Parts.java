package io.skerry.device.revision;

import io.skerry.content.files.KeptTwice;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What each owner asks of this device, put together: {@code parts/<owner>/<n>.json} with a copy, the greatest number counts, some older
 * ones are kept. No owner can touch another's part. Safe for use by several threads.
 */
final class Parts {
    private static final int KEPT = 10;

    private final Path root;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Owner, Workload> parts = new EnumMap<>(Owner.class);

    private Parts(Path root) {
        this.root = root;
    }

    static Parts open(Path data) {
        for (Owner owner : Owner.values()) {
            StateFiles.makeFolder(data.resolve("parts").resolve(owner.word()));
        }
        return existing(data);
    }

    /** Without making anything, for reading only. */
    static Parts existing(Path data) {
        Parts parts = new Parts(data.resolve("parts"));
        for (Owner owner : Owner.values()) {
            parts.load(owner);
        }
        return parts;
    }

    /**
     * Replaces an owner's part, durably.
     *
     * @return whether that changed anything
     * @throws ProblemException {@code part.clash} when another owner has a container of the same name; nothing changes then
     */
    boolean put(Owner owner, Workload part) {
        lock.lock();
        try {
            if (part.equals(parts.get(owner))) {
                return false;
            }
            parts.forEach((other, theirs) -> {
                if (other != owner) {
                    refuseClash(owner, part, other, theirs);
                }
            });
            store(owner, part);
            parts.put(owner, part);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** All parts as one workload; empty when no owner ever asked for anything. */
    Optional<Workload> composed() {
        lock.lock();
        try {
            if (parts.isEmpty()) {
                return Optional.empty();
            }
            Map<String, Container> all = new TreeMap<>();
            parts.values().forEach(p -> all.putAll(p.containers()));
            Optional<Groups> groups = parts.values().stream()
                    .map(Workload::groups)
                    .flatMap(Optional::stream)
                    .findFirst();
            return Optional.of(new Workload(all, groups));
        } finally {
            lock.unlock();
        }
    }

    private static void refuseClash(Owner owner, Workload part, Owner other, Workload theirs) {
        if (part.groups().isPresent()
                && theirs.groups().isPresent()
                && !part.groups().equals(theirs.groups())) {
            throw new Problem(
                            "part.clash",
                            "The part of '" + owner.word() + "' has other groups than the part of '" + other.word()
                                    + "'.",
                            "Let one of them name the groups, or both the same.")
                    .asException();
        }
        part.containers().keySet().stream()
                .filter(theirs.containers()::containsKey)
                .findFirst()
                .ifPresent(name -> {
                    throw new Problem(
                                    "part.clash",
                                    "The part of '" + owner.word() + "' has a container " + name + ", but the part of '"
                                            + other.word() + "' has one of that name already.",
                                    "Name it otherwise, or remove it from the other part first.")
                            .asException();
                });
    }

    private void store(Owner owner, Workload part) {
        Path folder = root.resolve(owner.word());
        StateFiles.makeFolder(folder);
        List<Integer> numbers = numbers(folder);
        int next = numbers.isEmpty() ? 1 : numbers.getFirst() + 1;
        StateFiles.writeTwice(file(folder, next), Documents.WORKLOAD, part);
        numbers.stream().skip(KEPT - 1).forEach(n -> KeptTwice.delete(file(folder, n)));
    }

    private void load(Owner owner) {
        Path folder = root.resolve(owner.word());
        if (!Files.isDirectory(folder)) {
            return;
        }
        // What the disk has spoilt must not keep what was asked for before from running.
        numbers(folder).stream()
                .map(n -> StateFiles.readableTwice(file(folder, n), Documents.WORKLOAD))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(w -> parts.put(owner, w));
    }

    private static List<Integer> numbers(Path folder) {
        Set<Integer> numbers = new TreeSet<>(Comparator.reverseOrder());
        numbers.addAll(StateFiles.numbers(folder, ".json"));
        numbers.addAll(StateFiles.numbers(folder, ".json" + KeptTwice.ENDING));
        return List.copyOf(numbers);
    }

    private static Path file(Path folder, int number) {
        return folder.resolve(number + ".json");
    }
}
