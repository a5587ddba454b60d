package io.skerry.lab.vm;

import io.skerry.lab.host.HostTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Debian's systemd as process 1 of a machine, whether the host has one or not: its packages are unpacked into a folder that lies
 * over the host's root. It boots as far as {@code basic.target}, without udev and D-Bus, and nothing of what the host enabled
 * runs; {@code systemctl} works in it, and its journal is on the console.
 */
public final class SystemdRoot {
    private static final String UNITS = "etc/systemd/system/";
    private static final String TARGET = "skerry-lab.target";

    /** systemd and the libraries that it is linked with, as Debian 12 names them. */
    private static final List<String> PACKAGES = List.of(
            "systemd",
            "libsystemd-shared",
            "libsystemd0",
            "libacl1",
            "libapparmor1",
            "libaudit1",
            "libblkid1",
            "libcap2",
            "libcap-ng0",
            "libcrypt1",
            "libgcrypt20",
            "libgpg-error0",
            "libip4tc2",
            "libkmod2",
            "liblz4-1",
            "liblzma5",
            "libmount1",
            "libpam0g",
            "libpcre2-8-0",
            "libseccomp2",
            "libselinux1",
            "libssl3",
            "libzstd1");

    /** What needs udev or hardware, or takes long and is of no use here: an empty unit is a masked one. */
    private static final List<String> MASKED = List.of(
            "systemd-udevd.service",
            "systemd-udev-trigger.service",
            "systemd-hwdb-update.service",
            "systemd-modules-load.service",
            "systemd-binfmt.service",
            "systemd-random-seed.service",
            "systemd-pstore.service",
            "systemd-sysusers.service",
            "systemd-tmpfiles-setup.service",
            "systemd-tmpfiles-setup-dev.service",
            "systemd-timesyncd.service",
            "systemd-update-utmp.service",
            "systemd-sysctl.service",
            "systemd-initctl.socket",
            "timers.target",
            "dbus.socket",
            "dbus.service",
            "systemd-tmpfiles-clean.timer",
            "systemd-machine-id-commit.service",
            "systemd-journal-flush.service",
            "systemd-journal-catalog-update.service",
            "systemd-update-done.service",
            "systemd-remount-fs.service",
            "systemd-firstboot.service",
            "systemd-ask-password-console.path",
            "systemd-ask-password-wall.path",
            "proc-sys-fs-binfmt_misc.automount",
            "dev-hugepages.mount",
            "dev-mqueue.mount",
            "sys-fs-fuse-connections.mount",
            "sys-kernel-config.mount",
            "sys-kernel-debug.mount",
            "sys-kernel-tracing.mount",
            "kmod-static-nodes.service",
            "kmod.service",
            "apparmor.service",
            "procps.service");

    private SystemdRoot() {}

    /**
     * A machine with systemd.
     *
     * @param machine what it is besides
     * @param state as {@link VirtualMachine} has it
     * @param units unit files by their names; none is started by itself
     * @throws io.skerry.spec.ProblemException {@code lab.package-missing}
     */
    public static MachineSettings of(MachineSettings machine, Path state, Map<String, String> units) {
        Path layer = new PackageCache(state.resolve("vm")).unpacked("systemd", () -> PACKAGES, SystemdRoot::merge);
        Map<String, String> files = new HashMap<>();
        MASKED.forEach(unit -> files.put(UNITS + unit, ""));
        units.forEach((name, text) -> files.put(UNITS + name, text));
        files.put(UNITS + "skerry-lab-mounts.service", """
                [Unit]
                DefaultDependencies=no
                Before=sysinit.target
                [Service]
                Type=oneshot
                RemainAfterExit=yes
                ExecStart=/bin/bash /etc/skerry-lab/mounts
                """);
        files.put(UNITS + "skerry-lab-agent.service", """
                [Unit]
                DefaultDependencies=no
                After=skerry-lab-mounts.service basic.target
                Requires=skerry-lab-mounts.service
                [Service]
                ExecStart=/etc/skerry-lab/agent
                """);
        files.put(UNITS + TARGET, """
                [Unit]
                AllowIsolate=yes
                Requires=basic.target skerry-lab-agent.service
                After=basic.target
                """);
        List<String> words = List.of(
                "systemd.unit=" + TARGET,
                "systemd.machine_id=5ce44900000000000000000000000001",
                "systemd.show_status=no",
                "systemd.journald.forward_to_console=1",
                "systemd.firstboot=off",
                "fstab=no");
        return machine.withRoot(List.of(layer), "/lib/systemd/systemd", words, files);
    }

    /** Packages of Debian 12 still have {@code /lib} where every root has a link: as folders they would hide that. */
    private static void merge(Path folder) {
        HostTools tools = new HostTools();
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            if (Files.isDirectory(folder.resolve(name))) {
                tools.run("mkdir", "-p", folder.resolve("usr/" + name).toString());
                tools.run(
                        "cp",
                        "-a",
                        folder.resolve(name) + "/.",
                        folder.resolve("usr/" + name).toString());
                tools.run("rm", "-r", folder.resolve(name).toString());
            }
        }
    }
}
