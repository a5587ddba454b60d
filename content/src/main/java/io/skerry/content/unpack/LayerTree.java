package io.skerry.content.unpack;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a layer becomes. Symbolic links on the way to a path are followed as the container would see them: within
 * the folder, which is their root, so that none leads out of it. Nobody else may write to the folder meanwhile.
 */
final class LayerTree {
    private static final int MOST_LINKS = 40;

    private final Path root;
    private final Runnable countEntry;
    private List<String> lastParent = List.of();
    private Path lastParentPath;

    /** @param countEntry called for each folder that is made because a path needs it */
    LayerTree(Path root, Runnable countEntry) {
        this.root = root;
        this.countEntry = countEntry;
        this.lastParentPath = root;
    }

    Path root() {
        return root;
    }

    /** Where the entry of this name is to stand; the folders on its way are made. */
    Path locate(EntryName name) throws IOException {
        if (name.isRoot()) {
            return root;
        }
        List<String> parent = name.parent();
        if (!parent.equals(lastParent)) {
            lastParentPath = folder(name);
            lastParent = parent;
        }
        return lastParentPath.resolve(name.last());
    }

    /** Where something is that an entry refers to, if it is in this layer. */
    Optional<Path> find(EntryName name) throws IOException {
        Path path = locate(name);
        return attributes(path).isPresent() ? Optional.of(path) : Optional.empty();
    }

    /** Whether there is a folder (not a link to one). */
    boolean isFolder(Path path) throws IOException {
        return attributes(path).filter(BasicFileAttributes::isDirectory).isPresent();
    }

    /** Makes way for an entry. */
    void clear(Path path) throws IOException {
        Optional<BasicFileAttributes> there = attributes(path);
        if (there.isEmpty()) {
            return;
        }
        // Where links and folders stood, paths may lead elsewhere now.
        lastParent = List.of();
        lastParentPath = root;
        if (there.get().isDirectory()) {
            deleteTree(path);
        } else {
            Files.delete(path);
        }
    }

    /** Hides what lower layers have at this path. */
    void whiteOut(Path path) throws IOException {
        if (isFolder(path)) {
            makeOpaque(path);
        } else if (attributes(path).isEmpty()) {
            LinuxFiles.makeNode(path, LinuxFiles.CHARACTER_DEVICE, 0, 0, 0);
        }
        // A file of this very layer hides the lower ones by itself.
    }

    /** Hides what lower layers have in this folder. */
    void makeOpaque(Path folder) throws IOException {
        LinuxFiles.setAttribute(folder, "trusted.overlay.opaque", new byte[] {'y'});
    }

    /** Makes a folder, unless it is there. */
    void makeFolder(Path path) throws IOException {
        if (isFolder(path)) {
            return;
        }
        // What the whiteout hid must stay hidden.
        boolean hidden = isWhiteout(path);
        clear(path);
        Files.createDirectory(path);
        if (hidden) {
            makeOpaque(path);
        }
    }

    /** Overlayfs's mark for what is hidden: a character device 0/0. */
    private static boolean isWhiteout(Path path) throws IOException {
        return attributes(path).filter(BasicFileAttributes::isOther).isPresent()
                && Long.valueOf(0).equals(Files.getAttribute(path, "unix:rdev", LinkOption.NOFOLLOW_LINKS));
    }

    static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Deletes a folder with all that is in it; follows no link. */
    static void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                try {
                    Files.delete(visited);
                } catch (DirectoryNotEmptyException notEmpty) {
                    throw new IOException(visited + " was written to while it was deleted", notEmpty);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Path folder(EntryName name) throws IOException {
        Path at = root;
        int links = 0;
        Deque<String> ahead = new ArrayDeque<>(name.parent());
        while (!ahead.isEmpty()) {
            String part = ahead.pop();
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                at = at.equals(root) ? root : at.resolveSibling("");
                continue;
            }
            Path next = at.resolve(part);
            Optional<BasicFileAttributes> there = attributes(next);
            if (there.filter(BasicFileAttributes::isSymbolicLink).isPresent()) {
                if (++links > MOST_LINKS) {
                    throw LayerProblems.corrupt("the path '" + name + "' in it goes through too many links");
                }
                String target = Files.readSymbolicLink(next).toString();
                at = target.startsWith("/") ? root : at;
                List<String> parts = Arrays.asList(target.split("/"));
                parts.reversed().forEach(ahead::push);
            } else if (there.filter(BasicFileAttributes::isDirectory).isPresent()) {
                at = next;
            } else if (there.isEmpty() || isWhiteout(next)) {
                countEntry.run();
                makeFolder(next);
                at = next;
            } else {
                throw LayerProblems.corrupt("the path '" + name + "' in it goes through a file");
            }
        }
        return at;
    }
}
