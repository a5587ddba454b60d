package io.skerry.device.config;

import io.skerry.content.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What daemons left in the data folder that ended in the middle of something. */
final class LeftOvers {
    /** Where the runtime of Java writes what it knows of a crash of its own (the program's options say so). */
    private static final String CRASH = "crash.log";

    private static final String EARLIER_CRASH = "crash.1.log";

    /** What {@link DurableFiles} writes before it renames it. */
    private static final Pattern ASIDE = Pattern.compile("\\..+\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /** The daemon's own files lie no deeper; below are images' and containers' files, whose names are their own. */
    private static final int DEEPEST = 2;

    private LeftOvers() {}

    /** Removes files that were to replace others, and keeps the newest crash and the one before it. */
    static void clear(Path data) throws IOException {
        clear(data, 0);
        if (Files.isRegularFile(data.resolve(CRASH), LinkOption.NOFOLLOW_LINKS)) {
            Files.move(data.resolve(CRASH), data.resolve(EARLIER_CRASH), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void clear(Path folder, int depth) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    folders.add(entry);
                } else if (ASIDE.matcher(String.valueOf(entry.getFileName())).matches()) {
                    Files.deleteIfExists(entry);
                }
            }
        }
        if (depth < DEEPEST) {
            for (Path below : folders) {
                clear(below, depth + 1);
            }
        }
    }
}
