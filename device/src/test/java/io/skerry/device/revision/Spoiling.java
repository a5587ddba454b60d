package io.skerry.device.revision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What a bad disk makes of a file. */
enum Spoiling {
    EMPTY("is empty"),
    CUT("is cut off"),
    FLIPPED("has a wrong byte"),
    GARBAGE("is garbage"),
    LOST("is lost");

    private final String words;

    Spoiling(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** @param file may be a link, which then leads nowhere */
    void spoil(Path file) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (Files.isSymbolicLink(file)) {
                Files.delete(file);
                if (this != LOST) {
                    Files.createSymbolicLink(file, Path.of("revisions/999"));
                }
                return;
            }
            byte[] bytes = Files.readAllBytes(file);
            switch (this) {
                case EMPTY -> Files.write(file, new byte[0]);
                case CUT -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
                case FLIPPED -> {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(file, bytes);
                }
                case GARBAGE -> {
                    new Random(bytes.length).nextBytes(bytes);
                    Files.write(file, bytes);
                }
                case LOST -> Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
