package io.skerry.lab.reliability;

import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.Mounts;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a device on this host holds, compared with what it should when nothing is under way. */
final class DeviceTraces {
    private final VirtualDevice device;
    private final Path data;
    private final Mounts mounts = new Mounts(new HostTools());

    DeviceTraces(VirtualDevice device) {
        this.device = device;
        this.data = device.data();
    }

    /** Blobs that aren't what their names say, in sentences. */
    List<String> spoilt() {
        return files(data.resolve("content/blobs")).stream()
                .filter(blob ->
                        !Digest.of(bytes(blob)).hex().equals(blob.getFileName().toString()))
                .map(blob -> blob + " isn't what its digest says")
                .toList();
    }

    /** What is left over or missing when exactly this container should run, in sentences. */
    List<String> leftovers(String container) {
        List<String> faults = new ArrayList<>();
        Set<String> forms = Set.of(container, container + "+");
        Set<String> ids = new TreeSet<>(names("containers"));
        if (ids.size() != 1 || !forms.containsAll(ids)) {
            faults.add("containers are " + ids);
            return faults;
        }
        String id = ids.iterator().next();
        differs("notes of the runtime", Set.of(id), new TreeSet<>(names("run/runc")), faults);
        differs(
                "mounts",
                Set.of("run", "run/netns/" + id, "containers/" + id + "/rootfs"),
                mounts.below(data).stream()
                        .map(m -> data.relativize(m).toString())
                        .collect(Collectors.toCollection(TreeSet::new)),
                faults);
        for (String empty : List.of("run/exits", "content/partial", "volumes/before")) {
            differs(empty, Set.of(), new TreeSet<>(names(empty)), faults);
        }
        if (Files.exists(data.resolve("trying"), LinkOption.NOFOLLOW_LINKS)) {
            faults.add("a revision is still on trial");
        }
        files(data).stream()
                .map(f -> data.relativize(f).toString())
                .filter(f -> f.endsWith(".tmp") || f.contains(".unfinished"))
                .forEach(f -> faults.add(f + " is left over"));
        long parents = device.containerProcesses().stream()
                .filter(p -> cmdline(p.pid()).contains("conmon"))
                .count();
        if (parents != 1) {
            faults.add(parents + " parents of containers");
        }
        return faults;
    }

    private static void differs(String what, Set<String> expected, Set<String> found, List<String> faults) {
        if (!found.equals(expected)) {
            faults.add(what + " are " + found + " and should be " + new TreeSet<>(expected));
        }
    }

    private List<String> names(String folder) {
        Path at = data.resolve(folder);
        if (!Files.isDirectory(at)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(at)) {
            return entries.map(p -> p.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Not those that containers have. */
    private List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    boolean ours = !Set.of("containers", "layers", "volumes", "run")
                            .contains(entry.getFileName().toString());
                    files.addAll(ours ? files(entry) : List.of());
                } else {
                    files.add(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String cmdline(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }
}
