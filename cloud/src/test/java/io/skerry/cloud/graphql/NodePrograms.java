package io.skerry.cloud.graphql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** Judges from outside: the programs in src/test/node, with the packages of its lock file, which './skerry test' installs. */
final class NodePrograms {
    private static final Path FOLDER = Path.of("src/test/node");

    private NodePrograms() {}

    /** What a program printed, line by line; the test is skipped where its packages aren't installed. */
    static List<String> run(String program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(FOLDER.resolve("node_modules/.package-lock.json")),
                "no Node.js packages here; './skerry test' installs them");
        List<String> command = new ArrayList<>(List.of("node", program));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("node", ".out");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                Assertions.fail(program + " didn't end: " + Files.readString(out));
            }
            Assertions.assertEquals(0, process.exitValue(), () -> read(out));
            return Files.readAllLines(out, StandardCharsets.UTF_8);
        } finally {
            Files.delete(out);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
