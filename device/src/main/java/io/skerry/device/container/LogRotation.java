package io.skerry.device.container;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/**
 * Keeps a container's log in two files of which each holds about half of what is kept. While no daemon runs, conmon itself
 * begins a file anew when it reaches the whole.
 */
final class LogRotation {
    /** conmon's order to open its log anew; the numbers besides are for another order. */
    private static final String REOPEN = "2 0 0\n";

    private final long keptBytes;

    LogRotation(long keptBytes) {
        this.keptBytes = keptBytes;
    }

    /** Moves the log of a running container aside when it is large. */
    void rotate(ContainerFolder folder) throws IOException {
        if (!Files.exists(folder.log()) || Files.size(folder.log()) < keptBytes / 2) {
            return;
        }
        Files.move(folder.log(), folder.olderLog(), StandardCopyOption.ATOMIC_MOVE);
        // Opened for reading too: to open a FIFO for writing alone would wait for ever if conmon were gone.
        try (RandomAccessFile control = new RandomAccessFile(folder.control().toFile(), "rw")) {
            control.write(REOPEN.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
