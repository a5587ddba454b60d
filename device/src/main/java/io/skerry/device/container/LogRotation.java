package io.skerry.device.container;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a container's log in two files of which each holds about half of what is kept.
 *
 * <p>conmon by itself begins its log anew, losing what it held, when it has written the whole since it last did so; that bounds
 * the log while no daemon runs, but rotations don't reset its count. Hence the log has a second name, under which what conmon
 * let go is found and becomes the older file.
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
        Path held = folder.heldLog();
        if (Files.exists(held) && Files.exists(folder.log()) && !Files.isSameFile(held, folder.log())) {
            Files.move(held, folder.olderLog(), StandardCopyOption.ATOMIC_MOVE);
        }
        if (Files.exists(folder.log()) && Files.size(folder.log()) >= keptBytes / 2) {
            Files.deleteIfExists(held);
            Files.move(folder.log(), folder.olderLog(), StandardCopyOption.ATOMIC_MOVE);
            reopen(folder);
        }
        if (!Files.exists(held) && Files.exists(folder.log())) {
            Files.createLink(held, folder.log());
        }
    }

    private static void reopen(ContainerFolder folder) throws IOException {
        // Opened for reading too: to open a FIFO for writing alone would wait for ever if conmon were gone.
        try (RandomAccessFile control = new RandomAccessFile(folder.control().toFile(), "rw")) {
            control.write(REOPEN.getBytes(StandardCharsets.US_ASCII));
        }
        for (int tries = 0; tries < 50 && !Files.exists(folder.log()); tries++) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
