package io.skerry.device.revision;

import io.avaje.jsonb.JsonType;
import io.skerry.content.files.DurableFiles;
import io.skerry.content.files.KeptTwice;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reading and writing the small JSON files of this package. */
final class StateFiles {
    private static final System.Logger LOG = System.getLogger(StateFiles.class.getName());
    private static final int MOST = 8 << 20;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private StateFiles() {}

    /** Empty when it isn't there or can't be read, which is only logged: a file that the disk has spoilt must not keep the daemon from starting. */
    static <T> Optional<T> readable(Path file, JsonType<T> type) {
        return bytes(file).flatMap(b -> parsed(b, file, type));
    }

    private static <T> Optional<T> parsed(byte[] json, Path file, JsonType<T> type) {
        try {
            return Optional.of(Wire.read(type, json, "The file " + file));
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            return Optional.empty();
        }
    }

    /** As {@link #readable}, of what was {@link #writeTwice written twice}: empty when neither can be read. */
    static <T> Optional<T> readableTwice(Path file, JsonType<T> type) {
        return KeptTwice.read(file).flatMap(b -> parsed(b, file, type)).or(() -> readable(file, type));
    }

    static <T> void writeTwice(Path file, JsonType<T> type, T value) {
        KeptTwice.write(file, type.toJsonBytes(value), 0600);
    }

    static <T> void write(Path file, JsonType<T> type, T value) {
        DurableFiles.write(file, type.toJsonBytes(value), 0600);
    }

    /** As {@link #readable}. */
    static Optional<byte[]> bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(MOST));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the file " + file + " can't be read", e);
            return Optional.empty();
        }
    }

    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw DurableFiles.failed("make", folder, e);
        }
    }

    /** The numbers that name files or folders here (an ending is left out), the greatest first. */
    static List<Integer> numbers(Path folder, String ending) {
        List<Integer> numbers = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(ending)) {
                    String number = name.substring(0, name.length() - ending.length());
                    if (NUMBER.matcher(number).matches()) {
                        numbers.add(Integer.valueOf(number));
                    }
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("list", folder, e);
        }
        numbers.sort(Comparator.reverseOrder());
        return numbers;
    }

    static void deleteFolder(Path folder) {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw DurableFiles.failed("delete", folder, e);
        }
        DurableFiles.delete(folder);
    }
}
