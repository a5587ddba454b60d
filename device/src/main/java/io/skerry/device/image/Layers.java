package io.skerry.device.image;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.unpack.LayerUnpacker;
import io.skerry.content.unpack.TreePrint;
import io.skerry.content.unpack.UnpackLimits;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Unpacked layers: {@code layers/<first 24 hex digits of the diff id>/}. A folder counts only when its {@link LayerMark}
 * {@code <name>.done} holds the whole diff id; the mark is written after everything in the folder is on the disk.
 */
final class Layers {
    private static final System.Logger LOG = System.getLogger(Layers.class.getName());
    private static final int NAME_LENGTH = 24;
    private static final String DONE = ".done";
    private static final String UNFINISHED = ".unfinished";

    private static final String ASIDE = ".aside";

    private final Path root;
    private final ContentDisk disk;
    private final String bootId;
    /** Held while marks are written, and folders replaced or removed: what is compared isn't marked as damaged after that. */
    private final ReentrantLock marking = new ReentrantLock();

    /** @param bootId what the machine calls this boot */
    Layers(Path root, ContentDisk disk, String bootId) {
        this.root = root;
        this.disk = disk;
        this.bootId = bootId;
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw DurableFiles.failed("make", root, e);
        }
        putBack();
    }

    Path root() {
        return root;
    }

    static String name(Digest diffId) {
        return diffId.hex().substring(0, NAME_LENGTH);
    }

    /** Whether it is here and may be run from. */
    boolean has(Digest diffId) {
        return mark(diffId).isPresent();
    }

    /** Whether it is here and wasn't found to be damaged. */
    boolean isSound(Digest diffId) {
        return mark(diffId).filter(m -> !m.damaged()).isPresent();
    }

    /**
     * Compares a layer with what it was when it was unpacked, and notes it when it differs; what is not here, or is from before
     * there were prints, is no damage. Reads all of it.
     *
     * @return whether it is damaged
     * @throws ProblemException {@code disk.…} when it can't be read for another reason than damage
     */
    boolean isFoundDamaged(Digest diffId) {
        Optional<LayerMark> before = mark(diffId);
        Optional<String> print = before.flatMap(LayerMark::print);
        if (print.isEmpty() || before.get().damaged()) {
            return print.isPresent();
        }
        if (printNow(diffId).filter(print.get()::equals).isPresent()) {
            return false;
        }
        marking.lock();
        try {
            // Meanwhile it may have been unpacked anew, or be gone.
            if (!mark(diffId).equals(before)) {
                return false;
            }
            LOG.log(System.Logger.Level.WARNING, "layer {0} is not what it was when it was unpacked", diffId);
            before.get().asDamaged().write(markFile(diffId));
            return true;
        } finally {
            marking.unlock();
        }
    }

    /** Nothing when the disk doesn't give all of it back. */
    private Optional<String> printNow(Digest diffId) {
        try {
            return Optional.of(TreePrint.of(root.resolve(name(diffId))));
        } catch (ProblemException e) {
            if (!tellsOfDamage(e.getCause())) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            return Optional.empty();
        }
    }

    /** What the kernel says of a place that it can't read, or that contradicts itself; by words, for which the JDK has no types. */
    private static boolean tellsOfDamage(@Nullable Throwable cause) {
        String words = cause == null ? "" : String.valueOf(cause.getMessage());
        return cause instanceof NoSuchFileException
                || words.contains("Input/output error")
                || words.contains("Structure needs cleaning")
                || words.contains("Bad message");
    }

    private Optional<LayerMark> mark(Digest diffId) {
        return LayerMark.read(markFile(diffId)).filter(m -> m.diffId().equals(diffId));
    }

    /** Unpacks a layer. What is there of it goes on to be run from until the new one is whole. */
    void unpack(Digest diffId, InputStream archive, long mostBytes) {
        Path folder = root.resolve(name(diffId));
        Path unfinished = root.resolve(name(diffId) + UNFINISHED);
        remove(unfinished);
        new LayerUnpacker(UnpackLimits.ofBytes(mostBytes)).unpack(archive, diffId, unfinished);
        LayerMark mark = new LayerMark(diffId, Optional.of(TreePrint.of(unfinished)), false);
        disk.sync(root);
        Path aside = root.resolve(name(diffId) + "." + System.nanoTime() + asideInThisBoot());
        marking.lock();
        try {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                // Renamed whole: something may run with it, and a spoilt one may not let itself be removed.
                DurableFiles.move(folder, aside);
            }
            try {
                DurableFiles.move(unfinished, folder);
            } catch (ProblemException e) {
                putBack();
                throw e;
            }
            mark.write(markFile(diffId));
        } finally {
            marking.unlock();
        }
        if (!disk.isLaidUnder(name(diffId))) {
            removeIfPossible(aside);
        }
    }

    /** Removes all other layers. */
    void keepOnly(Set<Digest> diffIds) {
        Set<String> names = new HashSet<>();
        diffIds.forEach(d -> names.add(name(d)));
        marking.lock();
        try (var entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                String name = file.length() > NAME_LENGTH ? file.substring(0, NAME_LENGTH) : file;
                if (!names.contains(name) && !entry.toString().endsWith(ASIDE)) {
                    LOG.log(System.Logger.Level.DEBUG, "removing {0}", entry);
                    DurableFiles.delete(root.resolve(name + DONE));
                    remove(entry);
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("clean up", root, e);
        } finally {
            marking.unlock();
        }
    }

    /** What was put aside where nothing came in its place, because the disk failed or a daemon or the machine ended in between, goes back. */
    private void putBack() {
        try (var entries = Files.newDirectoryStream(root, "*" + ASIDE)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName()).substring(0, NAME_LENGTH);
                Path folder = root.resolve(name);
                if (Files.exists(root.resolve(name + DONE)) && Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
                    DurableFiles.move(entry, folder);
                }
            }
        } catch (IOException | ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, "what was put aside in " + root + " can't be looked at", e);
        }
    }

    private String asideInThisBoot() {
        return "." + Digest.of(bootId.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8) + ASIDE;
    }

    /**
     * Removes what an interrupted unpacking left, and what was put aside in an earlier boot, with which nothing runs any more. Nothing
     * may be unpacked meanwhile.
     */
    void removeUnfinished() {
        try (var entries = Files.newDirectoryStream(root, "*{" + UNFINISHED + "," + ASIDE + "}")) {
            for (Path entry : entries) {
                if (!entry.toString().endsWith(asideInThisBoot())) {
                    removeIfPossible(entry);
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("clean up", root, e);
        }
    }

    /** A folder on a bad place of the disk may stay for ever; that keeps nothing else from being removed. */
    private static void removeIfPossible(Path tree) {
        try {
            remove(tree);
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    private Path markFile(Digest diffId) {
        return root.resolve(name(diffId) + DONE);
    }

    private static void remove(Path tree) {
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw DurableFiles.failed("remove", tree, e);
        }
    }
}
