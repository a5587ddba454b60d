package io.skerry.cli.session;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads secrets from where other programs' process lists don't show them. */
public final class Secrets {
    private static final int LARGEST = 64 << 10;

    private final Surroundings surroundings;

    Secrets(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * The first line of a file, or of the standard input for {@code -}.
     *
     * @throws ProblemException {@code usage.file}
     */
    public String fromFile(String what, String file) {
        String first = text(file).lines().findFirst().orElse("").strip();
        if (first.isEmpty()) {
            throw new Problem(
                            "usage.file",
                            "There is no " + what + " in " + named(file) + ".",
                            "Put it on the first line.")
                    .asException();
        }
        return first;
    }

    /**
     * A whole file, or the whole standard input for {@code -}.
     *
     * @throws ProblemException {@code usage.file}
     */
    public String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    /**
     * As {@link #text}, byte for byte.
     *
     * @throws ProblemException {@code usage.file}
     */
    public byte[] bytes(String file) {
        try (InputStream in = file.equals("-") ? surroundings.input() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("it is larger than 64 KiB");
            }
            return bytes;
        } catch (IOException | InvalidPathException e) {
            throw new Problem(
                            "usage.file",
                            named(file) + " can't be read: "
                                    + (e instanceof java.nio.file.NoSuchFileException
                                            ? "there is no such file"
                                            : Text.shortened(e.toString(), 200))
                                    + ".",
                            "Check that it is there and may be read by you.")
                    .asException(e);
        }
    }

    /**
     * What the person at the terminal types.
     *
     * @throws ProblemException {@code usage.secret-needed} when nobody can be asked
     */
    public String asked(String question, String remedy) {
        return surroundings
                .prompt()
                .secret(question)
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .orElseThrow(() ->
                        new Problem("usage.secret-needed", "Nothing was given for: " + question, remedy).asException());
    }

    private static String named(String file) {
        return file.equals("-") ? "the standard input" : "'" + Text.shortened(file, 200) + "'";
    }
}
