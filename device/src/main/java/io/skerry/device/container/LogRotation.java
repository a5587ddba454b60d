package io.skerry.device.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps a container's log in two files of which each holds about half of what is kept.
 *
 * <p>conmon by itself begins its log anew, losing what it held, when it has written half of what is kept; that bounds the log
 * also while no daemon runs. Hence the log has a second name, under which what conmon let go is found and becomes the older
 * file. conmon isn't told to begin anew besides: when it had just done so by itself, the lines between would be lost.
 */
final class LogRotation {
    private LogRotation() {}

    /** How much conmon writes before it begins anew, so that both files together hold this much. */
    static long fileBytes(long keptBytes) {
        return keptBytes / 2;
    }

    /** Makes what conmon let go since the last call the older file, and holds on to what it writes now. */
    static void rotate(ContainerFolder folder) throws IOException {
        Path held = folder.heldLog();
        if (Files.exists(held) && Files.exists(folder.log()) && !Files.isSameFile(held, folder.log())) {
            Files.move(held, folder.olderLog(), StandardCopyOption.ATOMIC_MOVE);
        }
        if (!Files.exists(held) && Files.exists(folder.log())) {
            Files.createLink(held, folder.log());
        }
    }
}
