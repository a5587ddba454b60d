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
     * Compares a layer with what it was when it was unpacked, and notes it when it differs; what is not here is no damage.
     * Reads all of it.
     *
     * @return whether it is damaged
     * @throws ProblemException {@code disk.…} when this can't be noted or was interrupted
     */
    boolean isFoundDamaged(Digest diffId) {
        Optional<LayerMark> mark = mark(diffId);
        if (mark.isEmpty() || mark.get().damaged()) {
            return mark.isPresent();
        }
        if (printNow(diffId).filter(mark.get().print()::equals).isPresent()) {
            return false;
        }
        LOG.log(System.Logger.Level.WARNING, "layer {0} is not what it was when it was unpacked", diffId);
        mark.get().asDamaged().write(markFile(diffId));
        return true;
    }

    /** Nothing when the disk doesn't give all of it back. */
    private Optional<String> printNow(Digest diffId) {
        try {
            return Optional.of(TreePrint.of(root.resolve(name(diffId))));
        } catch (ProblemException e) {
            if (!e.code().equals("disk.failed")) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            return Optional.empty();
        }
    }

    private Optional<LayerMark> mark(Digest diffId) {
        return LayerMark.read(markFile(diffId)).filter(m -> m.diffId().equals(diffId));
    }

    /** Unpacks a layer, in the place of what is there. */
    void unpack(Digest diffId, InputStream archive, long mostBytes) {
        Path folder = root.resolve(name(diffId));
        Path unfinished = root.resolve(name(diffId) + UNFINISHED);
        // The mark goes first, so that it never stands beside a folder that is being removed.
        DurableFiles.delete(markFile(diffId));
        remove(unfinished);
        if (!disk.isLaidUnder(name(diffId))) {
            remove(folder);
        }
        new LayerUnpacker(UnpackLimits.ofBytes(mostBytes)).unpack(archive, diffId, unfinished);
        LayerMark mark = new LayerMark(diffId, TreePrint.of(unfinished), false);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            // Spoilt itself, or only its mark: what runs goes on with the files that it has.
            Path aside = root.resolve(name(diffId) + "." + System.nanoTime() + asideInThisBoot());
            DurableFiles.move(folder, aside);
        }
        DurableFiles.move(unfinished, folder);
        disk.sync(root);
        mark.write(markFile(diffId));
    }

    /** Removes all other layers. */
    void keepOnly(Set<Digest> diffIds) {
        Set<String> names = new HashSet<>();
        diffIds.forEach(d -> names.add(name(d)));
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
                    remove(entry);
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("clean up", root, e);
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
