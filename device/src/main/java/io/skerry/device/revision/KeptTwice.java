package io.skerry.device.revision;

import io.avaje.jsonb.JsonType;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Documents that no single bad place on the disk may cost: {@code x.json} for whoever looks, and {@code x.json.copy}, whose first
 * line is the digest of the rest. The copy is written first and counts while its digest is right.
 */
final class KeptTwice {
    private static final System.Logger LOG = System.getLogger(KeptTwice.class.getName());
    static final String ENDING = ".copy";

    private KeptTwice() {}

    static <T> void write(Path file, JsonType<T> type, T value) {
        byte[] json = type.toJsonBytes(value);
        byte[] digest = (Digest.of(json).value() + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] copy = Arrays.copyOf(digest, digest.length + json.length);
        System.arraycopy(json, 0, copy, digest.length, json.length);
        DurableFiles.write(copy(file), copy, 0600);
        DurableFiles.write(file, json, 0600);
    }

    /** Empty when it isn't there, or neither of the two can be read; that is only logged. */
    static <T> Optional<T> read(Path file, JsonType<T> type) {
        return copied(copy(file), type).or(() -> StateFiles.readable(file, type));
    }

    static void delete(Path file) {
        DurableFiles.delete(file);
        DurableFiles.delete(copy(file));
    }

    private static Path copy(Path file) {
        return file.resolveSibling(file.getFileName() + ENDING);
    }

    private static <T> Optional<T> copied(Path copy, JsonType<T> type) {
        try {
            Optional<byte[]> bytes = StateFiles.bytes(copy);
            Optional<byte[]> json = bytes.flatMap(KeptTwice::whole);
            if (bytes.isPresent() && json.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "the file {0} is spoilt; its other copy is read", copy);
            }
            return json.map(j -> Wire.read(type, j, "The file " + copy));
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            return Optional.empty();
        }
    }

    private static Optional<byte[]> whole(byte[] copy) {
        int line = 0;
        while (line < copy.length && copy[line] != '\n') {
            line++;
        }
        if (line == copy.length) {
            return Optional.empty();
        }
        byte[] json = Arrays.copyOfRange(copy, line + 1, copy.length);
        String digest = new String(copy, 0, line, StandardCharsets.US_ASCII);
        return Digest.of(json).value().equals(digest) ? Optional.of(json) : Optional.empty();
    }
}
