package io.skerry.bench;

import io.skerry.lab.Folders;
import io.skerry.lab.Installation;
import io.skerry.lab.host.HostTools;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where benchmarks work.
 *
 * @param checkout the sources that are measured
 * @param installation what was built from them
 * @param log hears how far it is
 */
record Workplace(Path checkout, Installation installation, HostTools tools, PrintStream log) {
    void say(String words) {
        log.println("  " + words);
    }

    /** Lets somebody work in a new folder, which is deleted afterwards. */
    void inFolder(Consumer<Path> work) {
        try {
            Path folder = Files.createTempDirectory("skerry-bench");
            try {
                work.accept(folder);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
