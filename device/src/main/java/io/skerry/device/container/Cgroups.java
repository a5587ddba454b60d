package io.skerry.device.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kernel's control groups, read as files.
 *
 * @param root where they are mounted, {@code /sys/fs/cgroup}
 * @param version 2 (unified), 1 (a tree for each controller), or 0 where memory can't be limited
 */
record Cgroups(Path root, int version) {
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
