package io.skerry.content.unpack;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/**
 * When each folder of a layer was last changed. Set at the end, because whatever is put into a folder changes it; until then
 * in a file beside the layer and not in memory, of which a layer of a million folders would take too much.
 */
final class FolderTimes implements AutoCloseable {
    private static final int BUFFER = 8 * 1024;

    private final Path file;
    private final Path root;
    private final DataOutputStream noted;

    FolderTimes(Path root) throws IOException {
        this.root = root;
        this.file = root.resolveSibling(root.getFileName() + ".times");
        this.noted = new DataOutputStream(new BufferedOutputStream(
                Files.newOutputStream(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE),
                BUFFER));
    }

    void note(Path folder, FileTime time) throws IOException {
        noted.writeUTF(root.relativize(folder).toString());
        noted.writeLong(time.toMillis());
    }

    void apply(LayerTree tree) throws IOException {
        noted.flush();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            while (true) {
                Path folder = root.resolve(in.readUTF());
                FileTime time = FileTime.fromMillis(in.readLong());
                // Something else may have taken its place since.
                if (tree.isFolder(folder)) {
                    Files.setLastModifiedTime(folder, time);
                }
            }
        } catch (EOFException end) {
            // All of them are set.
        }
    }

    @Override
    public void close() throws IOException {
        noted.close();
        Files.deleteIfExists(file);
    }
}
