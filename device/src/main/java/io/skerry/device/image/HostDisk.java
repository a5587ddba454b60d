package io.skerry.device.image;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.filesystem.Room;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.Problem;
import java.nio.file.Path;
import java.time.Duration;

/** By the host's tools. */
public record HostDisk(HostCommands commands) implements ContentDisk {
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(10);
    private static final Duration ALLOCATE_LIMIT = Duration.ofMinutes(2);

    @Override
    public void sync(Path folder) {
        // Java can sync files one by one only; a layer has thousands.
        CommandResult result =
                commands.run(HostCommand.of("sync", "-f", folder.toString()).within(SYNC_LIMIT));
        if (!result.succeeded()) {
            throw new Problem(
                            "disk.failed",
                            "The file system of " + folder + " can't be synced: " + result.complaint() + ".")
                    .asException();
        }
    }

    @Override
    public boolean isLaidUnder(String layer) {
        return new Mounts(commands).hasOverlayOn(layer);
    }

    @Override
    public boolean allocate(Path file, long bytes) {
        CommandResult result =
                commands.run(HostCommand.of("fallocate", "-l", Long.toString(bytes), "--", file.toString())
                        .within(ALLOCATE_LIMIT));
        if (result.succeeded()) {
            return true;
        }
        DurableFiles.delete(file);
        if (result.err().contains("No space left on device") || result.err().contains("Disk quota exceeded")) {
            Path folder = file.resolveSibling(".").normalize();
            throw Room.full("What is to be fetched", bytes + Room.floor(folder), Room.free(folder));
        }
        return false;
    }
}
