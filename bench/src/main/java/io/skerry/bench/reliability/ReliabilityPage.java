package io.skerry.bench.reliability;

import io.skerry.bench.host.Machine;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;

/** {@code docs/reliability.md}, into which figures are written between marks of their own. */
public final class ReliabilityPage {
    private final Path file;
    private final Clock clock;

    public ReliabilityPage(Path checkout, Clock clock) {
        this.file = checkout.resolve("docs/reliability.md");
        this.clock = clock;
    }

    /**
     * Puts figures in the place of earlier ones.
     *
     * @param name of the marks: {@code <!-- begin NAME -->} and {@code <!-- end NAME -->}
     * @param command by which they are had again, after {@code ./skerry bench}
     * @throws ProblemException {@code bench.write}
     */
    void write(String name, String table, String command) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->\n";
        try {
            String page = Files.readString(file);
            int from = page.indexOf(begin);
            int to = page.indexOf(end);
            if (from < 0 || to < from) {
                throw new Problem("bench.write", file + " has no marks for figures called '" + name + "'.")
                        .asException();
            }
            String words = "`./skerry bench " + command + "`, " + LocalDate.now(clock) + ", "
                    + Machine.here().words() + ".\n";
            Files.writeString(
                    file, page.substring(0, from + begin.length()) + table + "\n" + words + page.substring(to));
        } catch (IOException e) {
            throw new Problem("bench.write", file + " can't be written: " + e.getMessage() + ".").asException(e);
        }
    }
}
