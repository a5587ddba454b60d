package io.skerry.content.unpack;

import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The bytes of the archive's current entry. A failure to read them is the layer's fault, never the disk's. */
final class EntryContent {
    private final TarArchiveInputStream archive;
    private final byte[] rest = new byte[8 * 1024];

    EntryContent(TarArchiveInputStream archive) {
        this.archive = archive;
    }

    /** As {@link java.io.InputStream#read(byte[])}. */
    int read(byte[] buffer) {
        try {
            return archive.getCurrentEntry() == null ? -1 : archive.read(buffer, 0, buffer.length);
        } catch (IOException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw LayerProblems.corrupt("its archive can't be read", e);
        }
    }

    /** Reads over what is left. */
    void drain() {
        while (read(rest) >= 0) {
            // Nobody wants it; the archive's hash has seen it.
        }
    }
}
