package io.skerry.device.revision;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What a data folder's containers are to the machine: processes, mounts, control groups. */
final class HostTraces {
    private final HostCommands commands = new HostCommands();
    private final Path data;
    private final String group;

    /** @param scope of its control groups */
    HostTraces(Path data, String scope) {
        this.data = data;
        this.group = "skerry/" + scope;
    }

    /** Ends all processes, mounts and control groups at once, as a loss of power does. */
    void cutOff() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    Set<Long> pids = new TreeSet<>(processes().keySet());
                    groups().forEach(g -> pids.addAll(members(g)));
                    pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
                    return pids.isEmpty();
                });
        for (String mount : mounts().reversed()) {
            commands.run(HostCommand.of("umount", "-l", mount)).orFail();
        }
        groups().reversed().forEach(HostTraces::removed);
        trees().map(t -> t.resolve(group)).forEach(HostTraces::removed);
    }

    private static void removed(Path emptyGroup) {
        try {
            Files.deleteIfExists(emptyGroup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those outside of containers, with their command lines; their files are how they are known. */
    Map<Long, String> processes() {
        Map<Long, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.toList()) {
                if (process.getFileName().toString().matches("\\d+")) {
                    String line = commandLine(process);
                    if (line.contains(data + "/")) {
                        found.put(Long.parseLong(process.getFileName().toString()), line);
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /** Where something is mounted, in the order in which it was. */
    List<String> mounts() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(l -> l.split(" ", 6)[4].replace("\\040", " "))
                    .filter(m -> m.startsWith(data + "/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The control groups of containers, and those in them, in each tree. */
    private List<Path> groups() {
        List<Path> groups = new ArrayList<>();
        trees().map(t -> t.resolve(group)).filter(Files::isDirectory).forEach(scope -> {
            try (Stream<Path> below = Files.walk(scope)) {
                below.filter(g -> !g.equals(scope)).filter(Files::isDirectory).forEach(groups::add);
            } catch (IOException | UncheckedIOException e) {
                // One that goes just now.
            }
        });
        return groups;
    }

    private static Stream<Path> trees() {
        Path root = Path.of("/sys/fs/cgroup");
        try (Stream<Path> trees = Files.list(root)) {
            return Stream.concat(Stream.of(root), trees.filter(Files::isDirectory)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> members(Path group) {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs")).stream()
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * What there is although only these containers run.
     *
     * @param programs those that aren't mounted only, by id
     */
    List<String> strange(Set<String> ids, Set<String> programs) {
        List<String> strange = new ArrayList<>();
        Set<String> expected = new TreeSet<>();
        ids.forEach(id -> {
            expected.add(data + "/containers/" + id + "/rootfs");
            expected.add(data + "/run/netns/" + id);
        });
        List<String> mounts = mounts();
        if (!mounts.stream().sorted().toList().equals(List.copyOf(expected))) {
            strange.add("mounts: " + mounts);
        }
        Set<String> conmons = new TreeSet<>();
        processes().forEach((pid, line) -> {
            String id = line.replaceFirst("^\\S*conmon .* -b \\S*/containers/([^/ ]+)/bundle .*$", "$1");
            if (!programs.contains(id) || !conmons.add(id)) {
                strange.add("process " + pid + ": " + line);
            }
        });
        if (!conmons.equals(programs)) {
            strange.add("conmons: " + conmons);
        }
        for (Path g : groups()) {
            String name = g.getFileName().toString();
            boolean isContainers = String.valueOf(g.getParent()).endsWith(group);
            if (!isContainers || !programs.contains(name)) {
                strange.add("control group: " + g);
            }
        }
        return strange;
    }

    /** All that there is. */
    List<String> all() {
        List<String> all = new ArrayList<>(mounts());
        all.addAll(processes().values());
        groups().forEach(g -> all.add(g.toString()));
        trees().map(t -> t.resolve(group)).filter(Files::exists).forEach(g -> all.add(g.toString()));
        return all;
    }

    /** Which process a number stands for. */
    static String identity(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return pid + " since " + stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        } catch (IOException e) {
            return pid + " is gone";
        }
    }

    /** Which mount is at a place. */
    String mountId(Path place) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.filter(l -> l.split(" ", 6)[4].equals(place.toString()))
                    .map(l -> "mount " + l.split(" ", 2)[0])
                    .collect(Collectors.joining(", "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
