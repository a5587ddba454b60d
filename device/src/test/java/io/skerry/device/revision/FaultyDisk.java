package io.skerry.device.revision;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder on the real disk of which each operation is told before it happens, so that a test may break off there or have it
 * fail. Nothing is forced to the disk: processes die in these tests, not machines.
 */
final class FaultyDisk extends FileSystemProvider {
    private final FileSystemProvider real = FileSystems.getDefault().provider();
    private final Path folder;
    private final Guard guard;
    private final FaultyFileSystem system = new FaultyFileSystem(this);

    /** Who is told. What it throws is what the operation comes to. */
    interface Guard {
        /** @param operation what is about to change, such as {@code write revisions/1/outcome.json} */
        void changing(String operation) throws IOException;

        /** Something is about to be read. */
        void reading();
    }

    FaultyDisk(Path folder, Guard guard) {
        this.folder = folder;
        this.guard = guard;
    }

    /** The folder as seen through here. */
    Path root() {
        return seen(folder);
    }

    Path seen(Path path) {
        return path instanceof FaultyPath ? path : new FaultyPath(system, path);
    }

    static Path plain(Path path) {
        return path instanceof FaultyPath faulty ? faulty.plain() : path;
    }

    void changing(String verb, Path path) throws IOException {
        String name = folder.relativize(plain(path).toAbsolutePath()).toString();
        // What is written aside first has a name by chance.
        guard.changing(verb + " " + name.replaceAll("(^|/)\\.([^/]+)\\.[0-9a-f-]{36}\\.tmp$", "$1$2 aside"));
    }

    void reading() {
        guard.reading();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        if (options.contains(StandardOpenOption.WRITE) && !Files.exists(plain(path))) {
            changing("create", path);
        } else {
            reading();
        }
        return new FaultyChannel(this, path, real.newFileChannel(plain(path), options, attributes));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        if (options.contains(StandardOpenOption.WRITE)) {
            return newFileChannel(path, options, attributes);
        }
        reading();
        return real.newByteChannel(plain(path), options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        reading();
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = real.newDirectoryStream(plain(dir), _ -> true)) {
            for (Path entry : all) {
                if (filter.accept(seen(entry))) {
                    entries.add(seen(entry));
                }
            }
        }
        return new DirectoryStream<>() {
            @Override
            public java.util.Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
        if (!Files.exists(plain(dir))) {
            changing("make", dir);
        }
        real.createDirectory(plain(dir), attributes);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        changing("link", link);
        real.createSymbolicLink(plain(link), plain(target), attributes);
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        reading();
        return seen(real.readSymbolicLink(plain(link)));
    }

    @Override
    public void delete(Path path) throws IOException {
        changing("delete", path);
        real.delete(plain(path));
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        if (!Files.exists(plain(path), LinkOption.NOFOLLOW_LINKS)) {
            reading();
            return false;
        }
        delete(path);
        return true;
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        changing("copy", target);
        real.copy(plain(source), plain(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        changing("move", target);
        real.move(plain(source), plain(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path path2) throws IOException {
        return real.isSameFile(plain(path), plain(path2));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(plain(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(plain(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        reading();
        real.checkAccess(plain(path), modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        reading();
        return real.getFileAttributeView(plain(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        reading();
        return real.readAttributes(plain(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        reading();
        return real.readAttributes(plain(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        changing("change", path);
        real.setAttribute(plain(path), attribute, value, options);
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }
}
