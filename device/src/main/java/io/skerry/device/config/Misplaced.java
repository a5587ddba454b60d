package io.skerry.device.config;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a spoilt file system has in the place of a folder or of a file. Kept aside, never removed: a person may want it. What
 * was in the folder is gone either way, so the daemon makes it anew and goes on as if it had been missing: nobody can be sent to
 * each device.
 *
 * <p>Not for {@code identity} and {@code link}, which say whom the device believes: without them it goes on with what it has, and
 * refuses what is new.
 */
final class Misplaced {
    private static final System.Logger LOG = System.getLogger(Misplaced.class.getName());
    private static final List<String> FOLDERS = List.of(
            "config",
            "containers",
            "content",
            "content/blobs",
            "content/layers",
            "content/partial",
            "content/reserved",
            "parts",
            "revisions",
            "run",
            "volumes",
            "volumes/before",
            "volumes/permanent");

    /** In these each name that is a container's, an owner's or a revision's number is a folder's. */
    private static final List<String> FOLDERS_OF_FOLDERS =
            List.of("containers", "parts", "revisions", "volumes/permanent");

    private static final List<String> FILES =
            List.of("lock", "current", "trying", "status.json", "situation.json", "last-good-time");
    private static final String MARK = ".misplaced-";
    private static final int MOST = 9;
    private static final int MOST_NAMED = 5;

    private Misplaced() {}

    /** As {@link #putAside}, what keeps the folder's format from being looked at, before which nothing else is changed. */
    static void putAsideFormat(Path data) throws IOException {
        if (Files.isDirectory(data.resolve(DataFolder.FORMAT), LinkOption.NOFOLLOW_LINKS)) {
            putAsideOne(data.resolve(DataFolder.FORMAT));
        }
    }

    /** Puts them aside as {@code <name>.misplaced-<n>}. */
    static void putAside(Path data) throws IOException {
        for (String name : FOLDERS) {
            if (Files.isRegularFile(data.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                putAsideOne(data.resolve(name));
            }
        }
        for (String name : FOLDERS_OF_FOLDERS) {
            for (Path entry : entries(data.resolve(name), "*")) {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && isFoldersName(name, entry)) {
                    putAsideOne(entry);
                }
            }
        }
        for (String name : FILES) {
            if (Files.isDirectory(data.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                putAsideOne(data.resolve(name));
            }
        }
    }

    /** Beside the revisions' folders lie files of the daemon, and a name with a dot first is what is left of a write. */
    private static boolean isFoldersName(String folder, Path entry) {
        String name = String.valueOf(entry.getFileName());
        return folder.equals("revisions")
                ? name.matches("[1-9][0-9]{0,8}")
                : !name.startsWith(".") && !name.contains(MARK);
    }

    private static void putAsideOne(Path path) throws IOException {
        for (int n = 1; n <= MOST; n++) {
            Path aside = path.resolveSibling(path.getFileName() + MARK + n);
            if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(path, aside);
                LOG.log(System.Logger.Level.ERROR, "{0} is not what it should be; it is kept as {1}", path, aside);
                return;
            }
        }
        throw new IOException(path + " is not what it should be, and " + MOST + " earlier ones are kept already");
    }

    /** What is kept aside, for as long as it is: {@code data.misplaced}. */
    static Optional<Problem> kept(Path data) {
        List<String> kept = new ArrayList<>();
        try {
            for (Path aside : entries(data, "*" + MARK + "*")) {
                kept.add(data.relativize(aside).toString());
            }
            for (String folder :
                    List.of("containers", "content", "parts", "revisions", "volumes", "volumes/permanent")) {
                for (Path aside : entries(data.resolve(folder), "*" + MARK + "*")) {
                    kept.add(data.relativize(aside).toString());
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "what is kept aside in " + data + " can't be listed", e);
        }
        kept.sort(null);
        return kept.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "data.misplaced",
                        "The file system had files in the place of folders of " + data
                                + ", or folders in the place of files. They are kept there as " + named(kept)
                                + ", and what belongs there was made anew.",
                        "What was in such a folder is lost: look whether programs miss data. Check the file system, and"
                                + " remove what is kept when nobody needs it."));
    }

    private static String named(List<String> kept) {
        int more = kept.size() - MOST_NAMED;
        return String.join(", ", more > 0 ? kept.subList(0, MOST_NAMED) : kept)
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static List<Path> entries(Path folder, String glob) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (var found = Files.newDirectoryStream(folder, glob)) {
                found.forEach(entries::add);
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return entries;
    }
}
