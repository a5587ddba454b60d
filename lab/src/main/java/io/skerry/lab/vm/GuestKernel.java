package io.skerry.lab.vm;

import io.skerry.lab.host.HostTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Debian's kernel for clouds with its modules, unpacked from its package and never installed.
 *
 * @param folder holds {@code boot/} and {@code lib/modules/}
 * @param version as {@code uname -r} tells it
 */
record GuestKernel(Path folder, String version) {
    private static final String NEWEST = "linux-image-cloud-amd64";

    /**
     * The kernel that is kept; when none is, the newest of Debian's archive.
     *
     * @throws io.skerry.spec.ProblemException {@code lab.package-missing} when it can't be downloaded
     */
    static GuestKernel in(PackageCache packages) {
        Path folder = packages.unpacked(
                "kernel",
                () -> List.of(packages.dependency(NEWEST)),
                fresh -> new HostTools().run("depmod", "-b", fresh.toString(), version(fresh)));
        return new GuestKernel(folder, version(folder));
    }

    private static String version(Path folder) {
        try (Stream<Path> versions = Files.list(folder.resolve("lib/modules"))) {
            return versions.map(v -> v.getFileName().toString()).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path image() {
        return folder.resolve("boot/vmlinuz-" + version);
    }

    Path modules() {
        return folder.resolve("lib/modules").resolve(version);
    }

    /** The files of modules and of those that they need, in the order in which they can be loaded. */
    List<Path> modules(List<String> names) {
        Map<String, List<String>> needs = new TreeMap<>();
        Map<String, String> files = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(modules().resolve("modules.dep"), StandardCharsets.UTF_8)) {
                String[] parts = line.split(":", 2);
                needs.put(
                        parts[0],
                        Stream.of(parts[1].strip().split(" ", -1))
                                .filter(s -> !s.isEmpty())
                                .toList());
                files.put(Path.of(parts[0]).getFileName().toString(), parts[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SequencedSet<String> ordered = new LinkedHashSet<>();
        for (String name : names) {
            String file = files.get(name + ".ko");
            if (file == null) {
                throw new IllegalArgumentException("kernel " + version + " has no module " + name);
            }
            // What a module needs stands behind it, what is to be loaded first last.
            ordered.addAll(needs.getOrDefault(file, List.of()).reversed());
            ordered.add(file);
        }
        return ordered.stream().map(modules()::resolve).toList();
    }
}
