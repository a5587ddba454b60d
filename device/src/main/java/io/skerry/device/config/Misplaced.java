package io.skerry.device.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * What a spoilt file system has in the place of a folder or of a file that the daemon makes anew by itself. Kept aside, never
 * removed: a person may want it. Where the loss would cost more than a fetch (revisions, volumes), nothing is touched.
 */
final class Misplaced {
    private static final System.Logger LOG = System.getLogger(Misplaced.class.getName());
    private static final List<String> FOLDERS =
            List.of("content", "content/blobs", "content/layers", "content/partial", "content/reserved");
    private static final List<String> FILES =
            List.of("lock", "current", "trying", "status.json", "situation.json", "last-good-time");
    private static final int MOST = 9;

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
        for (String name : FILES) {
            if (Files.isDirectory(data.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                putAsideOne(data.resolve(name));
            }
        }
    }

    private static void putAsideOne(Path path) throws IOException {
        for (int n = 1; n <= MOST; n++) {
            Path aside = path.resolveSibling(path.getFileName() + ".misplaced-" + n);
            if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(path, aside);
                LOG.log(System.Logger.Level.ERROR, "{0} is not what it should be; it is kept as {1}", path, aside);
                return;
            }
        }
        throw new IOException(path + " is not what it should be, and " + MOST + " earlier ones are kept already");
    }
}
