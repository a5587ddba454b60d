package io.skerry.content.files;

import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Files that no single bad place on the disk may cost: {@code x} for whoever looks, and {@code x.copy}, whose first line is the
 * digest of the rest. The copy is written first and counts while its digest is right.
 */
public final class KeptTwice {
    private static final System.Logger LOG = System.getLogger(KeptTwice.class.getName());

    /** What a copy's name ends with. */
    public static final String ENDING = ".copy";

    private static final int MOST = 8 << 20;

    private KeptTwice() {}

    /**
     * Writes both.
     *
     * @param mode permissions such as {@code 0600}
     * @throws io.skerry.spec.ProblemException {@code disk.…}; then the old content counts or the new one, whole
     */
    public static void write(Path file, byte[] content, int mode) {
        byte[] digest = (Digest.of(content).value() + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] copy = Arrays.copyOf(digest, digest.length + content.length);
        System.arraycopy(content, 0, copy, digest.length, content.length);
        DurableFiles.write(copy(file), copy, mode);
        DurableFiles.write(file, content, mode);
    }

    /** What counts before the file itself; empty when there is no whole copy, which is only logged. */
    public static Optional<byte[]> read(Path file) {
        Path copy = copy(file);
        try (InputStream in = Files.newInputStream(copy)) {
            Optional<byte[]> content = whole(in.readNBytes(MOST));
            if (content.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "the file {0} is spoilt; its other copy is read", copy);
            }
            return content;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the file " + copy + " can't be read", e);
            return Optional.empty();
        }
    }

    /** Whether there is a copy, whole or not: one that stands alone tells that the file was lost. */
    public static boolean hasCopy(Path file) {
        return Files.exists(copy(file), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Deletes both, if they are there.
     *
     * @throws io.skerry.spec.ProblemException {@code disk.…}
     */
    public static void delete(Path file) {
        DurableFiles.delete(file);
        DurableFiles.delete(copy(file));
    }

    private static Path copy(Path file) {
        return file.resolveSibling(file.getFileName() + ENDING);
    }

    private static Optional<byte[]> whole(byte[] copy) {
        int line = 0;
        while (line < copy.length && copy[line] != '\n') {
            line++;
        }
        if (line == copy.length) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(copy, line + 1, copy.length);
        String digest = new String(copy, 0, line, StandardCharsets.US_ASCII);
        return Digest.of(content).value().equals(digest) ? Optional.of(content) : Optional.empty();
    }
}
