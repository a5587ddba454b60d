package io.skerry.lab;

import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What this machine can do for a lab. */
final class Host {
    private static final List<String> PATH =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private Host() {}

    /** @throws ProblemException {@code architecture.unknown} */
    static Architecture architecture() {
        String name = System.getProperty("os.arch");
        return Architecture.ofJava(name)
                .orElseThrow(() -> new Problem(
                                "architecture.unknown",
                                "Skerry has no devices of this machine's architecture, " + name + ".")
                        .asException());
    }

    static boolean canMakeNetworks() {
        return missing().isEmpty();
    }

    /** Why virtual devices can't run here, in a sentence; empty when they can. */
    static String missing() {
        List<String> lacks = new ArrayList<>();
        if (!isRoot()) {
            lacks.add("it must be started as root");
        }
        Stream.of("ip", "nsenter", "runc", "conmon", "skopeo", "docker-registry", "htpasswd")
                .filter(tool -> PATH.stream().noneMatch(folder -> Files.isExecutable(Path.of(folder, tool))))
                .forEach(tool -> lacks.add("the program '" + tool + "' is missing"));
        if (!Files.isDirectory(Path.of("/sys/fs/cgroup"))) {
            lacks.add("the kernel's control groups are not mounted on /sys/fs/cgroup");
        }
        if (!Files.exists(Path.of("/proc/self/ns/net"))) {
            lacks.add("the kernel has no network namespaces");
        }
        return lacks.isEmpty() ? "" : "No devices are started: " + String.join(", ", lacks) + ".";
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
