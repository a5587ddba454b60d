package io.skerry.lab;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The built programs: {@code <folder>/<program>/bin/skerry-<program>} for cloud, device, cli and lab.
 *
 * @param folder an absolute path; what it holds doesn't change, since each build makes a folder of its own
 */
public record Installation(Path folder) {
    /**
     * That of the checkout in which this runs: {@code SKERRY_CHECKOUT}, else the nearest folder upwards that was built.
     *
     * @throws ProblemException {@code lab.not-built}
     */
    public static Installation ofCheckout() {
        String named = System.getenv("SKERRY_CHECKOUT");
        Path start = Path.of(named == null ? "" : named).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            Path current = folder.resolve("target/dist/current");
            if (Files.isDirectory(current.resolve("device/bin"))) {
                try {
                    return new Installation(current.toRealPath());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new Problem(
                        "lab.not-built",
                        "No built programs were found from " + start + " upwards.",
                        "Run './skerry build'.")
                .asException();
    }

    /** The sources that it was built from. */
    public Path checkout() {
        return folder.resolve("../../..").normalize();
    }

    /** Where the launcher and the lab of the checkout keep what they made or fetched: {@code .skerry}. */
    public Path state() {
        return checkout().resolve(".skerry");
    }

    /** The command line that starts a program. */
    public List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(folder.resolve(program).resolve("bin/skerry-" + program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Tells one build of a program from another, whatever the rest was built from: 16 hex digits over its jars, settings, start script and runtime. */
    public String build(String program) {
        Path home = folder.resolve(program);
        StringBuilder all = new StringBuilder();
        try {
            for (String jar : Files.readAllLines(home.resolve("classpath"))) {
                all.append(Digest.of(Files.readAllBytes(home.resolve("lib").resolve(jar))));
            }
            for (String part : List.of("program.conf", "bin/skerry-" + program, "runtime/release")) {
                Path file = home.resolve(part);
                all.append(Files.exists(file) ? Digest.of(Files.readAllBytes(file)) : "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }

    /** What a program needs in its environment: which Java runs those that bring none. */
    public Map<String, String> environment() {
        return Map.of(
                "SKERRY_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
