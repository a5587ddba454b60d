package io.skerry.device;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.Machine;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine, by the kernel's files and its own way to be rebooted. */
final class HostMachine implements Machine {
    private static final System.Logger LOG = System.getLogger(HostMachine.class.getName());

    private final HostCommands commands;
    private final List<String> rebootCommand;
    private final String bootId;

    /**
     * @param bootIdFile what it holds differs from boot to boot
     * @param rebootCommand program and arguments; empty: as the machine's init does it
     */
    HostMachine(HostCommands commands, Path bootIdFile, List<String> rebootCommand) {
        this.commands = commands;
        this.rebootCommand = rebootCommand.isEmpty() ? usual() : rebootCommand;
        this.bootId = read(bootIdFile);
    }

    private static List<String> usual() {
        return Files.isDirectory(Path.of("/run/systemd/system")) ? List.of("systemctl", "reboot") : List.of("reboot");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw DurableFiles.failed("read", file, e);
        }
    }

    @Override
    public String bootId() {
        return bootId;
    }

    @Override
    public void reboot(String why) {
        LOG.log(System.Logger.Level.WARNING, "rebooting the device: {0}", why);
        CommandResult result = commands.run(HostCommand.of(rebootCommand));
        if (!result.succeeded()) {
            throw new Problem(
                            "device.reboot-failed",
                            "The device can't be rebooted: " + result.ending() + ".",
                            "Look at reboot_command in device.json.")
                    .asException();
        }
    }
}
