package io.skerry.lab.vm;

import io.skerry.lab.Folders;
import io.skerry.lab.Installation;
import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole machine with its own kernel, emulated by QEMU: pure cgroup v2, a real block device, power that can be cut. Its root is
 * the host's, read-only under a layer in memory that is gone at the next boot, so no image need be built and the host's programs
 * are there; what shall outlive a boot stands on its disk. It boots in about five seconds, as often as wanted.
 *
 * <p>A machine ends with the process that made it, also when that is killed. Safe for use by several threads, of which one boots
 * and ends it.
 */
public final class VirtualMachine implements AutoCloseable {
    private static final String QEMU = "/usr/bin/qemu-system-x86_64";
    private static final Duration BOOT_LIMIT = Duration.ofMinutes(3);

    private final MachineSettings settings;
    private final Path folder;
    private final Path sockets;
    private final GuestKernel kernel;
    /** The guest ends itself when its host is gone, but only once it has done what it was told last. */
    private final Thread ender = new Thread(this::endGuest);

    private volatile @Nullable Running running;
    private int boots;

    private record Running(Process qemu, GuestAgent agent, Optional<NbdServer> disk, List<SharedFolder> folders) {}

    /**
     * A machine that is off.
     *
     * @param state where kernels are kept, {@link Installation#state}
     * @param folder for its console's log and what else it needs; made when it is missing
     * @throws ProblemException {@code lab.package-missing} when there is no kernel and it can't be downloaded
     */
    public VirtualMachine(MachineSettings settings, Path state, Path folder) {
        this.settings = settings;
        this.folder = folder;
        this.kernel = GuestKernel.in(new PackageCache(state.resolve("vm")));
        try {
            Files.createDirectories(folder);
            // The path of a Unix socket holds 107 bytes.
            this.sockets = Files.createTempDirectory("skerry-vm");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Initramfs.write(folder.resolve("initramfs"), kernel, settings.files());
        Runtime.getRuntime().addShutdownHook(ender);
    }

    /** Why this host can't have virtual machines, in a sentence; empty when it can. */
    public static String missing() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return "Virtual machines are made for amd64 only.";
        }
        List<String> lacks = Stream.of(
                        QEMU, SharedFolder.PROGRAM.toString(), "/bin/busybox", "/usr/sbin/mke2fs", "/usr/sbin/depmod")
                .filter(p -> !Files.isExecutable(Path.of(p)))
                .toList();
        return lacks.isEmpty() ? "" : "For virtual machines this host lacks " + String.join(", ", lacks) + ".";
    }

    /**
     * Switches it on and waits until it serves commands.
     *
     * @throws ProblemException {@code lab.machine-ended} or {@code lab.machine-silent} with its last words
     */
    public void boot() {
        if (running != null) {
            throw new IllegalStateException("the machine runs");
        }
        boots++;
        Path agentSocket = sockets.resolve("agent-" + boots);
        Path diskSocket = sockets.resolve("disk-" + boots);
        List<SharedFolder> shared = new ArrayList<>();
        for (int i = 0; i < shared().size(); i++) {
            shared.add(new SharedFolder(shared().get(i), socket(i), folder.resolve("shared-" + i + ".log")));
        }
        GuestAgent agent = new GuestAgent(agentSocket);
        Optional<NbdServer> disk = settings.disk().map(d -> new NbdServer(d, diskSocket));
        Process qemu;
        try {
            Daemon.mark(console(), "boot " + boots);
            qemu = new ProcessBuilder(command(agentSocket, diskSocket))
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(folder.resolve("qemu.log").toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            agent.close();
            shared.forEach(SharedFolder::close);
            throw new UncheckedIOException(e);
        }
        running = new Running(qemu, agent, disk, shared);
        long deadline = System.nanoTime() + BOOT_LIMIT.toNanos();
        boolean ready = false;
        while (!ready && qemu.isAlive() && System.nanoTime() < deadline) {
            ready = agent.ready(Duration.ofMillis(200));
        }
        if (!ready) {
            boolean ended = !qemu.isAlive();
            String words = Stream.of(folder.resolve("qemu.log"), console())
                    .map(Daemon::lastWords)
                    .filter(w -> !w.isBlank())
                    .collect(Collectors.joining("; "));
            kill();
            throw new Problem(
                            ended ? "lab.machine-ended" : "lab.machine-silent",
                            "The virtual machine did not come up: " + words,
                            "Its console is " + console() + ".")
                    .asException();
        }
    }

    /** The host's root and what lies over it. */
    private List<Path> shared() {
        return Stream.concat(Stream.of(Path.of("/")), settings.layers().stream())
                .toList();
    }

    private Path socket(int sharedFolder) {
        return sockets.resolve("shared-" + boots + "-" + sharedFolder);
    }

    private List<String> command(Path agent, Path disk) {
        List<String> command = new ArrayList<>();
        settings.network().ifPresent(n -> command.addAll(List.of("nsenter", "--net=/run/netns/" + n)));
        command.addAll(List.of(QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
        // KVM isn't asked for: hosts that are virtual machines themselves often offer one that doesn't work.
        command.addAll(List.of("-M", "q35", "-accel", "tcg,thread=multi,tb-size=512"));
        // Less than the host's, as a device's is less than that of the machine on which its program was built.
        command.addAll(List.of("-cpu", "Nehalem", "-smp", "1"));
        String memory = settings.megabytes() + "M";
        command.addAll(List.of("-m", memory, "-object", "memory-backend-memfd,id=mem,share=on,size=" + memory));
        command.addAll(List.of("-numa", "node,memdev=mem"));
        for (int i = 0; i < shared().size(); i++) {
            command.addAll(List.of("-chardev", "socket,id=shared%d,path=%s".formatted(i, socket(i))));
            command.addAll(List.of("-device", "vhost-user-fs-pci,chardev=shared%d,tag=shared%d".formatted(i, i)));
        }
        command.addAll(List.of("-device", "virtio-serial-pci", "-chardev", "socket,id=agent,path=" + agent));
        command.addAll(List.of("-device", "virtserialport,chardev=agent,name=skerry.agent"));
        command.addAll(List.of("-chardev", "file,id=console,append=on,path=" + console()));
        command.addAll(List.of("-serial", "chardev:console"));
        if (settings.disk().isPresent()) {
            command.addAll(List.of(
                    "-blockdev", "driver=nbd,node-name=disk,cache.direct=on,server.type=unix,server.path=" + disk));
            command.addAll(List.of("-device", "virtio-blk-pci,drive=disk,write-cache=on"));
        }
        if (settings.network().isPresent()) {
            // The guest reaches what the namespace reaches, no more, and nobody reaches the guest.
            command.addAll(List.of("-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="));
        }
        command.addAll(List.of("-kernel", kernel.image().toString()));
        command.addAll(List.of("-initrd", folder.resolve("initramfs").toString(), "-append", kernelWords()));
        return command;
    }

    private String kernelWords() {
        List<String> words = new ArrayList<>(List.of(
                "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on no_timer_check tsc=reliable",
                "skerry.modules=" + kernel.modules(),
                "skerry.init=" + settings.init(),
                "skerry.layers=" + settings.layers().size()));
        words.addAll(settings.words());
        return String.join(" ", words);
    }

    /** Whether it is on. */
    public boolean isOn() {
        Running now = running;
        return now != null && now.qemu().isAlive();
    }

    /** The log of its serial console over all boots. */
    public Path console() {
        return folder.resolve("console.log");
    }

    /** What was said on its console since it was switched on last. */
    public String consoleText() {
        try {
            String all = Files.readString(console(), StandardCharsets.ISO_8859_1);
            return all.substring(all.lastIndexOf("--- boot " + boots + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a script by its {@code /bin/sh}, as root.
     *
     * @throws ProblemException {@code lab.guest-silent}
     */
    public GuestResult run(Duration limit, String script) {
        return running().agent().run(limit, script);
    }

    /**
     * The output of a script that must succeed within a minute.
     *
     * @throws ProblemException {@code lab.guest-command} with what it said; {@code lab.guest-silent}
     */
    public String output(String script) {
        GuestResult result = run(Duration.ofMinutes(1), script);
        if (!result.succeeded()) {
            throw new Problem(
                            "lab.guest-command",
                            "In the virtual machine a script ended with " + result.code() + ": "
                                    + (result.err() + result.out()).strip() + ".",
                            "It was: " + script.strip())
                    .asException();
        }
        return result.out();
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the machine is off");
        }
        return now;
    }

    /**
     * Cuts its power: it stops at once, and its disk loses what the random source says of what wasn't flushed. It can be booted
     * again.
     */
    public Cut cut(RandomGenerator random) {
        running();
        kill();
        return settings.disk().map(d -> d.lose(random)).orElse(Cut.NOTHING);
    }

    /** Switches it off in order: what was written is on its disk. */
    public void powerOff() {
        Running now = running();
        now.agent().send(Duration.ofSeconds(30), "umount /disk; sync; echo o >/proc/sysrq-trigger");
        Pause.until(Duration.ofSeconds(60), () -> !now.qemu().isAlive());
        kill();
        settings.disk().ifPresent(VolatileDisk::settle);
    }

    private void endGuest() {
        Running now = running;
        if (now != null) {
            now.qemu().destroyForcibly();
        }
    }

    private void kill() {
        Running now = running();
        now.qemu().destroyForcibly();
        try {
            now.qemu().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        now.disk().ifPresent(NbdServer::close);
        now.agent().close();
        now.folders().forEach(SharedFolder::close);
        running = null;
    }

    /** Ends it and removes what it made, but its folder with the console's log. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException e) {
            // This is the shutdown, which ends it too.
        }
        if (running != null) {
            kill();
        }
        Folders.delete(sockets);
    }
}
