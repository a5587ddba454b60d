package io.skerry.device.filesystem;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder for what holds until the machine goes down and no longer: what the runtime notes of containers, pid files,
 * namespaces. In memory, so that a disk that is full to the last block keeps no container from being started after a reboot,
 * and starts don't wear out the flash.
 */
public final class RunFolder {
    private static final System.Logger LOG = System.getLogger(RunFolder.class.getName());

    /** The most that it may take; a container needs some twenty kilobytes. */
    private static final String SIZE = "16m";

    private RunFolder() {}

    /**
     * Has the folder in memory from now on, unless it is, or an earlier daemon of the same boot had it on the disk. Where that
     * can't be it stays on the disk.
     *
     * @throws io.skerry.spec.ProblemException {@code disk.…} when there can't be such a folder at all
     */
    public static void open(Path folder, HostCommands commands) {
        Mounts mounts = new Mounts(commands);
        if (!mounts.under(folder).isEmpty()) {
            return;
        }
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder);
            }
        } catch (IOException e) {
            throw DurableFiles.failed("make", folder, e);
        }
        CommandResult result = commands.run(HostCommand.of(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "nosuid,nodev,noexec,mode=0700,size=" + SIZE,
                "skerry-run",
                folder.toString()));
        if (!result.succeeded()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} stays on the disk, for it can''t be in memory: {1}",
                    folder,
                    result.complaint());
        }
    }
}
