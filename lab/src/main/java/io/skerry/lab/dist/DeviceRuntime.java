package io.skerry.lab.dist;

import io.skerry.lab.Folders;
import io.skerry.lab.host.HostTools;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The Java runtime that a device gets: the modules that its daemon needs, and no others. */
final class DeviceRuntime {
    /** jdk.crypto.ec's curves are part of java.base since JDK 22. */
    private static final String MODULES = "java.base,java.net.http,java.logging,jdk.unsupported";

    private final Path dist;
    private final PrintStream out;

    DeviceRuntime(Path dist, PrintStream out) {
        this.dist = dist;
        this.out = out;
    }

    /** Puts it into the device's folder; made once for each JDK and set of modules, since that takes ten seconds. */
    void write(Path device) throws IOException {
        Path made = dist.resolve("runtime-" + System.getProperty("java.runtime.version") + "-"
                + Integer.toHexString(MODULES.hashCode()));
        if (!Files.isDirectory(made)) {
            out.println("Making the device's runtime");
            Path fresh = made.resolveSibling(made.getFileName() + ".new");
            Folders.delete(fresh);
            Files.createDirectories(dist);
            new HostTools()
                    .attempt(
                            "",
                            Duration.ofMinutes(5),
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "jlink")
                                            .toString(),
                                    "--add-modules",
                                    MODULES,
                                    "--strip-java-debug-attributes",
                                    "--no-header-files",
                                    "--no-man-pages",
                                    "--output",
                                    fresh.toString()))
                    .orFail();
            Files.move(fresh, made, StandardCopyOption.ATOMIC_MOVE);
        }
        copy(made, device.resolve("runtime"));
    }

    /** Links what can be linked: the files never change. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (Files.isSymbolicLink(path)) {
                    Files.createSymbolicLink(target, Files.readSymbolicLink(path));
                } else {
                    Files.createLink(target, path);
                }
            }
        }
    }
}
