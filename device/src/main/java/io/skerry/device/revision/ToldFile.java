package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A file in which the daemon tells something, for whoever stands at the device and has no daemon to ask.
 *
 * @param missing what is said when it isn't there
 * @param unreadable the code of what is said when the disk has spoilt it
 * @param remedy what to do then
 */
public record ToldFile(Path path, Problem missing, String unreadable, String remedy) {
    private static final int MOST_BYTES = 8 << 20;

    /**
     * What it tells.
     *
     * @param parser throws a {@link ProblemException} for what it can't read
     * @throws ProblemException {@link #missing}, or with the code {@link #unreadable}
     */
    public <T> T read(Function<byte[], T> parser) {
        try (InputStream in = Files.newInputStream(path)) {
            return parser.apply(in.readNBytes(MOST_BYTES));
        } catch (NoSuchFileException e) {
            throw missing.asException(e);
        } catch (ProblemException e) {
            throw new Problem(unreadable, e.problem().message(), remedy).asException(e);
        } catch (IOException e) {
            throw new Problem(unreadable, path + " can't be read: " + e.getMessage() + ".", remedy).asException(e);
        }
    }
}
