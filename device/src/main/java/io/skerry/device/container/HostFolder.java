package io.skerry.device.container;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;

/**
 * The files by which the device and a container's program tell each other something. The program may have put anything in
 * their places: no symbolic link is followed, and whatever is in the way is removed.
 */
final class HostFolder {
    private final HostCommands commands;

    HostFolder(HostCommands commands) {
        this.commands = commands;
    }

    /** Makes what the container sees as {@code /host} as it is before a start: with nothing that an earlier run said. */
    void prepare(ContainerFolder folder, Map<String, String> environment, ContainerUser user) throws IOException {
        remove(folder.readyWord());
        remove(folder.updateLock());
        write(folder.host().resolve("lxc.env"), EnvironmentFile.of(environment), "rw-r--r--");
        Files.setPosixFilePermissions(folder.host(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(folder.host(), "unix:uid", user.uid());
        Files.setAttribute(folder.host(), "unix:gid", user.gid());
    }

    /** Whether the container's program has made this file since it was started. */
    static boolean said(Path word) {
        return Files.exists(word, LinkOption.NOFOLLOW_LINKS);
    }

    void write(Path file, String text, String permissions) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8), permissions);
    }

    /** Not at all when nothing changes, so that a full disk keeps no container from being started again. */
    void write(Path file, byte[] bytes, String permissions) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == bytes.length
                && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        remove(file);
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private void remove(Path file) throws IOException {
        try {
            Files.deleteIfExists(file);
        } catch (DirectoryNotEmptyException _) {
            commands.run(HostCommand.of("rm", "-rf", "--one-file-system", "--", file.toString()))
                    .orFail();
        }
    }
}
