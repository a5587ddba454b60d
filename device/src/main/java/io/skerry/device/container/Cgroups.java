package io.skerry.device.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The kernel's control groups, read as files.
 *
 * @param root where they are mounted, {@code /sys/fs/cgroup}
 * @param version 2 (unified), 1 (a tree for each controller), or 0 where memory can't be limited
 */
record Cgroups(Path root, int version) {
    /** How often one looks whether a process has ended. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /** What is mounted below {@code root}. */
    static Cgroups at(Path root) {
        if (Files.exists(root.resolve("cgroup.controllers"))) {
            return new Cgroups(root, words(root.resolve("cgroup.controllers")).contains("memory") ? 2 : 0);
        }
        return new Cgroups(root, Files.isDirectory(root.resolve("memory")) ? 1 : 0);
    }

    /** How many processes of a group were killed since it was made because it was over its memory limit. */
    long oomKills(String group) {
        Path file = version == 2
                ? root.resolve(group.substring(1)).resolve("memory.events")
                : root.resolve("memory").resolve(group.substring(1)).resolve("memory.oom_control");
        return lines(file).stream()
                .filter(l -> l.startsWith("oom_kill "))
                .mapToLong(l -> Long.parseLong(l.substring("oom_kill ".length()).strip()))
                .sum();
    }

    /** Whether memory and swap together can be limited. */
    boolean limitsSwap() {
        return switch (version) {
            case 1 -> Files.exists(root.resolve("memory/memory.memsw.limit_in_bytes"));
            case 2 -> Files.exists(Path.of("/proc/swaps"));
            default -> false;
        };
    }

    /** Removes a group and, where controllers have trees of their own, it in each, as far as nothing is in it. */
    void removeEmpty(String group) {
        List<Path> trees;
        try (Stream<Path> children = Files.list(root)) {
            trees = version == 2
                    ? List.of(root)
                    : children.filter(Files::isDirectory).toList();
        } catch (IOException _) {
            return;
        }
        for (Path tree : trees) {
            try {
                Files.deleteIfExists(tree.resolve(group.substring(1)));
            } catch (IOException _) {
                // Something is still in it; whoever removes that removes it too.
            }
        }
    }

    /**
     * Makes a group within that of a container, for some of its processes.
     *
     * @return how {@code runc exec --cgroup} names it
     */
    Optional<String> makeWithin(String group, String name) {
        Optional<Path> tree = anyTree();
        try {
            if (tree.isEmpty() || !Files.isDirectory(tree.get().resolve(group.substring(1)))) {
                return Optional.empty();
            }
            Files.createDirectories(within(tree.get(), group, name));
            return Optional.of(version == 2 ? name : tree.get().getFileName() + ":" + name);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Tells all that is in such a group to end, and kills what is still there after the grace. */
    void endWithin(String group, String name, Duration grace, Duration killLimit) {
        processes(group, name).forEach(ProcessHandle::destroy);
        long end = System.nanoTime() + grace.toNanos();
        while (!processes(group, name).isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        killWithin(group, name, killLimit);
    }

    /** Kills all that is in such a group, and waits until it is gone, at most this long. */
    void killWithin(String group, String name, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        // What is killed may have begun more meanwhile.
        for (List<ProcessHandle> left = processes(group, name);
                !left.isEmpty() && System.nanoTime() < end;
                left = processes(group, name)) {
            left.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private List<ProcessHandle> processes(String group, String name) {
        return anyTree().map(t -> lines(within(t, group, name).resolve("cgroup.procs"))).stream()
                .flatMap(List::stream)
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();
    }

    /** Removes such a group if nothing is in it. */
    void removeWithin(String group, String name) {
        anyTree().ifPresent(tree -> {
            try {
                Files.deleteIfExists(within(tree, group, name));
            } catch (IOException _) {
                // Something goes on in it; it is removed with the container.
            }
        });
    }

    private static Path within(Path tree, String group, String name) {
        return tree.resolve(group.substring(1)).resolve(name);
    }

    /** One in which every process is; not the memory controller's, which would count its killings apart. */
    private Optional<Path> anyTree() {
        return version == 2
                ? Optional.of(root)
                : Stream.of("pids", "devices", "freezer")
                        .map(root::resolve)
                        .filter(Files::isDirectory)
                        .findFirst();
    }

    private static List<String> words(Path file) {
        return lines(file).stream().flatMap(l -> Stream.of(l.split(" "))).toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            // The group is gone, or the controller isn't there: nothing was counted.
            return List.of();
        }
    }
}
