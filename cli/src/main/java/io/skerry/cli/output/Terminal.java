package io.skerry.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the program writes.
 *
 * @param out answers, and nothing else in JSON
 * @param err problems and hints
 * @param interactive whether {@code out} is a terminal
 * @param inputInteractive whether a person can be asked
 * @param width columns of the terminal; {@link View#UNLIMITED} when it isn't one
 * @param height lines of the terminal
 */
public record Terminal(
        PrintStream out, PrintStream err, boolean interactive, boolean inputInteractive, int width, int height) {
    private static final int USUAL_WIDTH = 80;
    private static final int USUAL_HEIGHT = 24;

    /** The process's own. */
    public static Terminal ofProcess(Map<String, String> environment) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        boolean input = isTerminal(0);
        if (!isTerminal(1)) {
            return new Terminal(out, err, false, input, View.UNLIMITED, USUAL_HEIGHT);
        }
        int[] size = size();
        int width = number(environment.get("COLUMNS")).orElse(size[1]);
        return new Terminal(
                out, err, true, input, width, number(environment.get("LINES")).orElse(size[0]));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        // UTF-8 whatever the locale says: the Java default under LANG=C would turn names into question marks.
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192), true, StandardCharsets.UTF_8);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** Lines and columns, asked of {@code stty}, because Java has no call for it. */
    private static int[] size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.from(Path.of("/proc/self/fd/1").toFile()))
                    .redirectError(Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readNBytes(32), StandardCharsets.US_ASCII).strip();
            if (!stty.waitFor(2, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
            }
            int space = answer.indexOf(' ');
            return new int[] {
                number(answer.substring(0, Math.max(0, space))).orElse(USUAL_HEIGHT),
                number(answer.substring(space + 1)).orElse(USUAL_WIDTH)
            };
        } catch (IOException e) {
            return new int[] {USUAL_HEIGHT, USUAL_WIDTH};
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new int[] {USUAL_HEIGHT, USUAL_WIDTH};
        }
    }

    private static Optional<Integer> number(@Nullable String text) {
        try {
            int number = text == null ? 0 : Integer.parseInt(text.strip());
            return number > 0 ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
