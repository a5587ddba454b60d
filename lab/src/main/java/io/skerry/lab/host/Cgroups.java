package io.skerry.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Control groups of the host, in whichever hierarchies it has. */
public final class Cgroups {
    /** The numbers of all processes in a group and the groups below it. */
    public Set<Long> processes(String group) {
        Set<Long> found = new TreeSet<>();
        for (Path folder : folders(group)) {
            try {
                Files.readString(folder.resolve("cgroup.procs"), StandardCharsets.UTF_8)
                        .lines()
                        .map(Long::valueOf)
                        .forEach(found::add);
            } catch (IOException e) {
                // The group went away since it was listed, and its processes with it.
            }
        }
        return found;
    }

    /** Removes a group and those below it; no process may be left in them. */
    public void remove(String group) {
        for (Path folder : folders(group)) {
            // The kernel empties a group a moment after its last process was reaped.
            Pause.until(java.time.Duration.ofSeconds(3), () -> {
                try {
                    return Files.deleteIfExists(folder) || !Files.exists(folder);
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    /** Removes a group in the hierarchies where it is empty. */
    public void removeIfEmpty(String group) {
        for (Path root : roots()) {
            // Refused for a group that holds others or processes, which then stays: that is the point.
            boolean ignored = root.resolve(group.substring(1)).toFile().delete();
        }
    }

    /** Whether there is such a group in any hierarchy. */
    public boolean exists(String group) {
        return !folders(group).isEmpty();
    }

    /** The folders of a group and those below it in every hierarchy, the deepest first. */
    private static List<Path> folders(String group) {
        List<Path> folders = new ArrayList<>();
        for (Path root : roots()) {
            Path top = root.resolve(group.substring(1));
            if (Files.isDirectory(top)) {
                try (Stream<Path> walk = Files.walk(top)) {
                    walk.filter(Files::isDirectory)
                            .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                            .forEach(folders::add);
                } catch (IOException | UncheckedIOException e) {
                    // Groups come and go while they are listed; whoever asks asks again.
                    folders.add(top);
                }
            }
        }
        return folders;
    }

    private static List<Path> roots() {
        try {
            return Files.readString(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8)
                    .lines()
                    .map(l -> l.split(" ", -1))
                    .filter(f -> f[2].equals("cgroup") || f[2].equals("cgroup2"))
                    .map(f -> Path.of(f[1]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
