package io.skerry.device.container;

import io.skerry.content.oci.ImageConfig;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a container's {@code config.json} is made from (OCI runtime specification 1.0.2); the making is pure.
 *
 * @param image what the image says of how to run it
 * @param container what is asked for
 * @param user as whom it runs
 * @param folder its files on the device; its name is also the host name
 * @param volumes where its volumes are
 * @param config where its configuration files are
 * @param tini the init on the device that becomes its PID 1
 * @param cgroup the path of its control group
 * @param network a file that stands for its network namespace
 * @param machine what the machine can do
 */
record RuntimeSpec(
        ImageConfig image,
        Container container,
        ContainerUser user,
        ContainerFolder folder,
        List<Bind> volumes,
        List<Bind> config,
        Path tini,
        String cgroup,
        Path network,
        Machine machine) {
    /** A folder or file of the device that the container sees at {@code target}. */
    record Bind(Path source, String target) {}

    /**
     * What differs from machine to machine.
     *
     * @param cgroupNamespaces whether the kernel has them
     * @param swapLimits whether swap can be limited
     */
    record Machine(Architecture architecture, boolean cgroupNamespaces, boolean swapLimits) {}

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int CPU_PERIOD_MICROS = 100_000;

    /** Docker's default set without MKNOD and AUDIT_WRITE, and with SYS_BOOT for a reboot within the PID namespace. */
    private static final List<String> CAPABILITIES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_BOOT",
            "CAP_SYS_CHROOT");

    private static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    /**
     * The {@code config.json}.
     *
     * @throws ProblemException {@code container.no-command} or {@code container.environment}
     */
    byte[] json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("ociVersion", "1.0.2");
        document.put("process", process());
        document.put("root", Map.of("path", folder.rootfs().toString(), "readonly", false));
        document.put("hostname", folder.name());
        document.put("mounts", mounts());
        document.put("linux", linux());
        return OciJson.bytes(document);
    }

    private Map<String, Object> process() {
        Map<String, Object> who = new LinkedHashMap<>();
        who.put("uid", user.uid());
        who.put("gid", user.gid());
        who.put("additionalGids", user.additionalGroups());
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("terminal", false);
        process.put("user", who);
        process.put("args", arguments());
        process.put("env", environment());
        process.put("cwd", image.workingDirectory().startsWith("/") ? image.workingDirectory() : "/");
        process.put("capabilities", capabilities());
        process.put("noNewPrivileges", true);
        return process;
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("/dev/init", "--"));
        arguments.addAll(image.entrypoint());
        arguments.addAll(image.command());
        if (arguments.size() == 2) {
            throw new Problem(
                            "container.no-command",
                            "The image of '" + folder.name() + "' says neither an entrypoint nor a command.",
                            "Set one when the image is built.")
                    .asException();
        }
        return arguments;
    }

    private List<String> environment() {
        Map<String, String> variables = new TreeMap<>();
        variables.put("PATH", PATH);
        variables.put("HOSTNAME", folder.name());
        variables.putAll(image.environment());
        variables.putAll(container.environment());
        EnvironmentFile.check(variables);
        return variables.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    private Map<String, Object> capabilities() {
        // Only root keeps capabilities over an exec; to others they are the bound of what a file may give.
        return user.uid() == 0
                ? Map.of("bounding", CAPABILITIES, "effective", CAPABILITIES, "permitted", CAPABILITIES)
                : Map.of("bounding", CAPABILITIES);
    }

    private List<Map<String, Object>> mounts() {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
        mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
        mounts.add(mount(
                "/dev/pts",
                "devpts",
                "devpts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5"));
        mounts.add(mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
        mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
        mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
        mounts.add(mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"));
        mounts.add(mount("/run", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=755"));
        mounts.add(mount("/dev/init", "bind", tini.toString(), "bind", "ro", "nosuid", "nodev"));
        mounts.add(mount("/host", "bind", folder.host().toString(), "bind", "rw", "nosuid", "nodev"));
        mounts.add(mount("/etc/hosts", "bind", folder.hosts().toString(), "bind", "rw", "nosuid", "nodev"));
        // A volume within another one has to come after it.
        volumes.stream()
                .sorted(Comparator.comparing(Bind::target))
                .forEach(v ->
                        mounts.add(mount(v.target(), "bind", v.source().toString(), "bind", "rw", "nosuid", "nodev")));
        config.forEach(
                c -> mounts.add(mount(c.target(), "bind", c.source().toString(), "bind", "ro", "nosuid", "nodev")));
        return mounts;
    }

    private static Map<String, Object> mount(String at, String type, String source, String... options) {
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("destination", at);
        mount.put("type", type);
        mount.put("source", source);
        mount.put("options", List.of(options));
        return mount;
    }

    private Map<String, Object> linux() {
        List<Map<String, Object>> namespaces = new ArrayList<>();
        for (String type : List.of("pid", "ipc", "uts", "mount")) {
            namespaces.add(Map.of("type", type));
        }
        namespaces.add(Map.of("type", "network", "path", network.toString()));
        if (machine.cgroupNamespaces()) {
            namespaces.add(Map.of("type", "cgroup"));
        }
        Map<String, Object> linux = new LinkedHashMap<>();
        linux.put("namespaces", namespaces);
        linux.put("cgroupsPath", cgroup);
        linux.put("resources", resources(container.limits()));
        // A network namespace of its own: whoever the program runs as, a low port takes nothing from anybody.
        linux.put("sysctl", Map.of("net.ipv4.ip_unprivileged_port_start", "0"));
        linux.put("seccomp", Seccomp.profile(machine.architecture()));
        linux.put("maskedPaths", MASKED);
        linux.put("readonlyPaths", READ_ONLY);
        return linux;
    }

    private Map<String, Object> resources(Limits limits) {
        Map<String, Object> resources = new LinkedHashMap<>();
        // runc allows the harmless devices (null, zero, random, …) again by itself.
        resources.put("devices", List.of(Map.of("allow", false, "access", "rwm")));
        if (limits.memoryBytes() > 0) {
            Map<String, Object> memory = new LinkedHashMap<>();
            memory.put("limit", limits.memoryBytes());
            if (machine.swapLimits()) {
                memory.put("swap", limits.memoryBytes());
            }
            resources.put("memory", memory);
        }
        if (limits.cpuMillis() > 0) {
            // The kernel takes no quota below a millisecond.
            long quota = Math.max(1000L, limits.cpuMillis() * (long) CPU_PERIOD_MICROS / 1000);
            resources.put("cpu", Map.of("period", CPU_PERIOD_MICROS, "quota", quota));
        }
        if (limits.pids() > 0) {
            resources.put("pids", Map.of("limit", limits.pids()));
        }
        return resources;
    }
}
