package io.skerry.device.image;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.unpack.LayerUnpacker;
import io.skerry.content.unpack.UnpackLimits;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unpacked layers: {@code layers/<first 24 hex digits of the diff id>/}. A folder counts only when its completion mark
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

    boolean has(Digest diffId) {
        try {
            return Files.readString(mark(diffId), StandardCharsets.ISO_8859_1).equals(diffId.value());
        } catch (NoSuchFileException e) {
            return false;
        } catch (ClosedByInterruptException e) {
            throw DurableFiles.failed("read", mark(diffId), e);
        } catch (IOException e) {
            // The layer is fetched again; else one bad place on the disk would keep all images from being looked at.
            LOG.log(System.Logger.Level.WARNING, "the mark " + mark(diffId) + " counts as if it were not there", e);
            return false;
        }
    }

    /** Unpacks a layer, unless it is here. */
    void unpack(Digest diffId, InputStream archive, long mostBytes) {
        Path folder = root.resolve(name(diffId));
        Path unfinished = root.resolve(name(diffId) + UNFINISHED);
        // The mark goes first, so that it never stands beside a folder that is being removed.
        DurableFiles.delete(mark(diffId));
        remove(unfinished);
        if (!disk.isLaidUnder(name(diffId))) {
            remove(folder);
        }
        new LayerUnpacker(UnpackLimits.ofBytes(mostBytes)).unpack(archive, diffId, unfinished);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            // Only its mark was spoilt: what runs goes on with the files that it has.
            Path aside = root.resolve(name(diffId) + "." + System.nanoTime() + asideInThisBoot());
            DurableFiles.move(folder, aside);
        }
        DurableFiles.move(unfinished, folder);
        disk.sync(root);
        DurableFiles.write(mark(diffId), diffId.value().getBytes(StandardCharsets.US_ASCII), 0600);
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

    private Path mark(Digest diffId) {
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
