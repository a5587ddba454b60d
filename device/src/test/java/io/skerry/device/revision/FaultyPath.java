package io.skerry.device.revision;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A path on a {@link FaultyDisk}. */
record FaultyPath(FaultyFileSystem system, Path plain) implements Path {
    private Path seen(Path path) {
        return system.disk().seen(path);
    }

    private @Nullable Path seenIfAny(@Nullable Path path) {
        return path == null ? null : seen(path);
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return plain.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return seenIfAny(plain.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return seenIfAny(plain.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return seenIfAny(plain.getParent());
    }

    @Override
    public int getNameCount() {
        return plain.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return seen(plain.getName(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return seen(plain.subpath(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        return plain.startsWith(FaultyDisk.plain(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return plain.endsWith(FaultyDisk.plain(other));
    }

    @Override
    public Path normalize() {
        return seen(plain.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return seen(plain.resolve(FaultyDisk.plain(other)));
    }

    @Override
    public Path relativize(Path other) {
        return seen(plain.relativize(FaultyDisk.plain(other)));
    }

    @Override
    public URI toUri() {
        return plain.toUri();
    }

    @Override
    public File toFile() {
        return plain.toFile();
    }

    @Override
    public Path toAbsolutePath() {
        return seen(plain.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return seen(plain.toRealPath(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return plain.compareTo(FaultyDisk.plain(other));
    }

    @Override
    public String toString() {
        return plain.toString();
    }
}
