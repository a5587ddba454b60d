package io.skerry.content.unpack;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks image layers as overlayfs wants them, in one pass with small buffers: whiteouts become its marks, owners, modes,
 * times, links, nodes, capabilities and users' extended attributes are kept (others are left out).
 *
 * <p>Nothing outside the folder is touched, whatever the archive says. What was unpacked is not synced to the disk yet. When
 * a call fails, the folder is removed. Needs root for anything but root's own plain files; and a UTF-8 locale, without which
 * Java can't name files with other letters. Safe for use by several threads, each with another folder.
 */
public final class LayerUnpacker {
    private final UnpackLimits limits;

    public LayerUnpacker(UnpackLimits limits) {
        this.limits = limits;
    }

    /**
     * Unpacks one layer: a tar archive, plain, gzip or zstd.
     *
     * @param layer not closed here
     * @param diffId what the uncompressed archive's digest must be
     * @param folder what an earlier call left there is removed; its parent must exist
     * @return how many bytes the files have
     * @throws ProblemException {@code image.corrupt}, {@code image.too-large}, {@code image.unsupported},
     *     {@code image.interrupted}, {@code disk.full}, {@code disk.failed}
     */
    public long unpack(InputStream layer, Digest diffId, Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        try {
            removeLeftOver(root);
            Files.createDirectory(root);
            Files.setAttribute(root, "unix:mode", 0755);
            return fill(root, layer, diffId);
        } catch (IOException | RuntimeException | Error e) {
            try {
                removeLeftOver(root);
            } catch (IOException | RuntimeException second) {
                e.addSuppressed(second);
            }
            switch (e) {
                case RuntimeException wanted -> throw wanted;
                case Error fatal -> throw fatal;
                case ClosedByInterruptException stop -> throw LayerProblems.interrupted(stop);
                // What the archive's own reading threw was turned into a problem before: this is the disk's.
                default -> throw DurableFiles.failed("unpack a layer to", root, (IOException) e);
            }
        }
    }

    private long fill(Path root, InputStream layer, Digest diffId) throws IOException {
        ArchiveMeter meter = new ArchiveMeter(opened(layer), limits.bytes());
        // The reader isn't closed: it would close what isn't ours.
        TarArchiveInputStream archive = new TarArchiveInputStream(meter, StandardCharsets.UTF_8.name());
        long written;
        try (LayerWriter writer = new LayerWriter(root, limits)) {
            EntryContent content = new EntryContent(archive);
            for (TarArchiveEntry entry = next(archive, meter); entry != null; entry = next(archive, meter)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw LayerProblems.interrupted(new InterruptedException());
                }
                writer.write(entry, content, meter::headerRecords);
                content.drain();
            }
            written = writer.finish();
        }
        Digest found = digest(meter);
        if (!found.equals(diffId)) {
            throw LayerProblems.corrupt("its content is " + found + ", but the image says " + diffId);
        }
        return written;
    }

    private static InputStream opened(InputStream layer) {
        try {
            return Decompression.of(layer);
        } catch (IOException e) {
            throw LayerProblems.corrupt("it can't be decompressed", e);
        }
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream archive, ArchiveMeter meter) {
        meter.beginHeader();
        try {
            return archive.getNextEntry();
        } catch (IOException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw LayerProblems.corrupt("its archive is malformed", e);
        } finally {
            meter.endHeader();
        }
    }

    private static Digest digest(ArchiveMeter meter) {
        try {
            return meter.drained();
        } catch (IOException e) {
            throw LayerProblems.corrupt("it can't be decompressed to its end", e);
        }
    }

    private static void removeLeftOver(Path root) throws IOException {
        if (LayerTree.attributes(root).isPresent()) {
            LayerTree.deleteTree(root);
        }
    }
}
