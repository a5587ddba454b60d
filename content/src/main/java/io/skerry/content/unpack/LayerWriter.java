package io.skerry.content.unpack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Puts the entries of one layer's archive into its folder, one after the other; a later one replaces an earlier one. */
final class LayerWriter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LayerWriter.class.getName());
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int BUFFER = 128 * 1024;
    private static final long LARGEST_ID = 0xffff_fffeL;
    /** The year 2242; file systems differ in what they can keep beyond. */
    private static final long LATEST_MILLIS = 0x1_ffff_ffffL * 1000;

    private final UnpackLimits limits;
    private final LayerTree tree;
    private final FolderTimes times;
    private final byte[] buffer = new byte[BUFFER];
    private int entries;
    private long written;

    LayerWriter(Path root, UnpackLimits limits) throws IOException {
        this.limits = limits;
        this.tree = new LayerTree(root, this::count);
        this.times = new FolderTimes(root);
    }

    /** @param headerRecords the raw headers of the entry */
    void write(TarArchiveEntry entry, EntryContent content, Supplier<byte[]> headerRecords) throws IOException {
        count();
        EntryName name = EntryName.parse(entry.getName());
        if (name.isRoot()) {
            if (entry.isDirectory()) {
                finishFolder(tree.root(), entry, headerRecords);
                return;
            }
            throw LayerProblems.corrupt("an entry in it has no name");
        }
        if (name.last().startsWith(WHITEOUT)) {
            whiteOut(name);
            return;
        }
        Path path = tree.locate(name);
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_DIR -> folder(path, entry, headerRecords);
            case TarConstants.LF_OLDNORM,
                    TarConstants.LF_NORMAL,
                    TarConstants.LF_CONTIG,
                    TarConstants.LF_GNUTYPE_SPARSE -> {
                // Archives from before POSIX mark folders by the slash only.
                if (entry.isDirectory()) {
                    folder(path, entry, headerRecords);
                } else {
                    file(path, entry, content, headerRecords);
                }
            }
            case TarConstants.LF_SYMLINK -> symbolicLink(name, path, entry);
            case TarConstants.LF_LINK -> hardLink(name, entry);
            case TarConstants.LF_CHR -> node(path, LinuxFiles.CHARACTER_DEVICE, entry);
            case TarConstants.LF_BLK -> node(path, LinuxFiles.BLOCK_DEVICE, entry);
            case TarConstants.LF_FIFO -> node(path, LinuxFiles.FIFO, entry);
            default ->
                throw LayerProblems.corrupt(
                        "'" + name + "' in it is of the unknown type " + (entry.getLinkFlag() & 0xff));
        }
    }

    /** Sets what only stays when nothing more is written; gives how many bytes the files have. */
    long finish() throws IOException {
        times.apply(tree);
        return written;
    }

    @Override
    public void close() throws IOException {
        times.close();
    }

    private void count() {
        if (++entries > limits.entries()) {
            throw LayerProblems.tooLarge("the " + limits.entries() + " entries that are allowed for it");
        }
    }

    private void whiteOut(EntryName name) throws IOException {
        if (name.last().equals(OPAQUE)) {
            // By way of a name in it, so that links on the way are resolved as for any other entry.
            Path folder = tree.locate(name).resolveSibling("");
            tree.makeOpaque(folder);
            return;
        }
        if (name.last().startsWith(WHITEOUT + WHITEOUT)) {
            // What the aufs file system noted for itself.
            return;
        }
        String hidden = name.last().substring(WHITEOUT.length());
        if (hidden.isEmpty() || hidden.equals(".")) {
            throw LayerProblems.corrupt("the whiteout '" + name + "' in it hides nothing that has a name");
        }
        tree.whiteOut(tree.locate(name.sibling(hidden)));
    }

    private void folder(Path path, TarArchiveEntry entry, Supplier<byte[]> headerRecords) throws IOException {
        tree.makeFolder(path);
        finishFolder(path, entry, headerRecords);
    }

    private void finishFolder(Path path, TarArchiveEntry entry, Supplier<byte[]> headerRecords) throws IOException {
        attributes(path, entry, headerRecords);
        times.note(path, modified(entry));
    }

    private void file(Path path, TarArchiveEntry entry, EntryContent content, Supplier<byte[]> headerRecords)
            throws IOException {
        tree.clear(path);
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                written += n;
                if (written > limits.bytes()) {
                    throw LayerProblems.tooLarge("the " + limits.bytes() + " bytes that are allowed for it");
                }
                out.write(buffer, 0, n);
            }
        }
        attributes(path, entry, headerRecords);
        Files.setLastModifiedTime(path, modified(entry));
    }

    private void symbolicLink(EntryName name, Path path, TarArchiveEntry entry) throws IOException {
        String target = entry.getLinkName();
        if (target.isEmpty() || target.length() > 4095 || target.indexOf('\0') >= 0) {
            throw LayerProblems.corrupt("the link '" + name + "' in it has no valid target");
        }
        tree.clear(path);
        // The target isn't judged: whoever follows it later does so within the container.
        Files.createSymbolicLink(path, Path.of(target));
        owner(path, entry);
    }

    private void hardLink(EntryName name, TarArchiveEntry entry) throws IOException {
        EntryName targetName = EntryName.parse(entry.getLinkName());
        if (targetName.equals(name)) {
            return;
        }
        Path target = targetName.isRoot() ? tree.root() : tree.find(targetName).orElse(tree.root());
        if (tree.isFolder(target)) {
            throw LayerProblems.corrupt("'" + name + "' in it links to '" + targetName + "', which is no file of it");
        }
        Path path = tree.locate(name);
        if (path.equals(target)) {
            return;
        }
        if (target.startsWith(path)) {
            throw LayerProblems.corrupt("'" + name + "' in it takes the place of what it links to");
        }
        tree.clear(path);
        Files.createLink(path, target);
    }

    private void node(Path path, int type, TarArchiveEntry entry) throws IOException {
        tree.clear(path);
        LinuxFiles.makeNode(path, type, 0600, entry.getDevMajor(), entry.getDevMinor());
        owner(path, entry);
        mode(path, entry);
    }

    /** In this order: a change of owner takes away set-user-id bits and capabilities. */
    private static void attributes(Path path, TarArchiveEntry entry, Supplier<byte[]> headerRecords)
            throws IOException {
        owner(path, entry);
        mode(path, entry);
        // The reader has seen whether there are any; looking at the raw records for each entry would be waste.
        if (entry.getExtraPaxHeaders().keySet().stream().noneMatch(k -> k.startsWith("SCHILY.xattr."))) {
            return;
        }
        for (Map.Entry<String, byte[]> attribute :
                ExtendedAttributes.in(headerRecords.get()).entrySet()) {
            try {
                LinuxFiles.setAttribute(path, attribute.getKey(), attribute.getValue());
            } catch (IOException e) {
                if (attribute.getKey().startsWith("user.")) {
                    LOG.log(System.Logger.Level.WARNING, "An extended attribute of an image's file is left out", e);
                } else {
                    throw LayerProblems.unsupported("The capabilities of " + path + " can't be set.", e);
                }
            }
        }
    }

    private static void owner(Path path, TarArchiveEntry entry) throws IOException {
        // Set in any case: in a folder with the set-group-id bit a new file has another group than the process.
        Files.setAttribute(path, "unix:gid", id(entry.getLongGroupId()), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:uid", id(entry.getLongUserId()), LinkOption.NOFOLLOW_LINKS);
    }

    /** Follows links, which is why it isn't for them. */
    private static void mode(Path path, TarArchiveEntry entry) throws IOException {
        Files.setAttribute(path, "unix:mode", entry.getMode() & 07777);
    }

    private static int id(long id) {
        if (id < 0 || id > LARGEST_ID) {
            throw LayerProblems.corrupt("a file in it belongs to the impossible owner " + id);
        }
        return (int) id;
    }

    private static FileTime modified(TarArchiveEntry entry) {
        long millis = entry.getLastModifiedTime().toMillis();
        return FileTime.fromMillis(Math.clamp(millis, 0, LATEST_MILLIS));
    }
}
