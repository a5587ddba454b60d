package io.skerry.device.container;

import io.skerry.content.oci.ImageConfig;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.network.NetworkNamespaces;
import io.skerry.device.revision.Networks;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Slot;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.ContainerStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A data folder with a one-layer busybox image and the containers of a daemon on it; removes all that it made. */
final class Sandbox implements AutoCloseable {
    private static final String BOOT = "this boot";

    static final Digest MANIFEST = Digest.of("manifest".getBytes(StandardCharsets.UTF_8));
    private static final List<String> APPLETS = List.of(
            "sh ls cat echo sleep mount mknod reboot poweroff id ps nc httpd setsid rm mkdir touch head dd tail yes kill true false env pwd"
                    .split(" "));

    final HostCommands commands = new HostCommands();
    final Path data;
    final ContainerSettings settings;
    final Networks networks;
    private final String scope;
    RuncContainers containers;

    Sandbox() {
        try {
            data = Files.createTempDirectory("skerry-it");
            scope = "it-" + data.getFileName().toString().replaceAll("\\D", "");
            settings = new ContainerSettings(data, scope, "runc", "conmon", Path.of("/usr/bin/tini-static"), 128 << 10);
            layer();
            networks = NetworkNamespaces.open(settings.networks(), commands);
            containers = RuncContainers.open(settings, commands, networks, BOOT, InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void layer() throws IOException {
        Path bin = Files.createDirectories(layerFolder().resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        Files.setPosixFilePermissions(bin.resolve("busybox"), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        Path etc = Files.createDirectories(layerFolder().resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/srv:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\napp:x:1001:\nextra:x:1002:other,app\n");
        Path srv = Files.createDirectories(layerFolder().resolve("srv/data"));
        Files.writeString(srv.resolve("from-image"), "image");
        Files.setAttribute(srv, "unix:uid", 1000);
        Files.createDirectories(layerFolder().resolve("run"));
        Files.writeString(layerFolder().resolve("run/hidden"), "");
    }

    Path layerFolder() {
        return data.resolve("layers/aaa");
    }

    /** As after a start of the daemon: nothing is known but what lies on the disk. */
    void restartDaemon() {
        containers.close();
        containers = open(settings);
    }

    RuncContainers open(ContainerSettings withSettings) {
        return RuncContainers.open(withSettings, commands, networks, BOOT, InstantSource.system());
    }

    /** As after a loss of power and the machine's next boot: nothing runs, nothing is mounted, and the boot is another one. */
    void reboot() {
        containers.close();
        try {
            for (Path folder : folders()) {
                ContainerFolder container = settings.folder(String.valueOf(folder.getFileName()));
                for (Path file : List.of(container.conmonPid(), container.pid())) {
                    if (Files.exists(file)) {
                        commands.run(HostCommand.of(
                                "kill", "-9", Files.readString(file).strip()));
                    }
                }
                commands.run(
                        HostCommand.of("umount", "-l", folder.resolve("rootfs").toString()));
                Path run = folder.resolve("run.json");
                if (Files.exists(run)) {
                    Files.writeString(
                            run, Files.readString(run).replaceFirst("\"boot_id\":\"[^\"]*\"", "\"boot_id\":\"other\""));
                }
            }
            networks.all().forEach(networks::remove);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        containers = open(settings);
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(settings.containers())) {
            return folders.toList();
        }
    }

    /** Starts a main container as the engine does, with its volumes made before. */
    void start(String name, Container container, PreparedImage image) {
        start(name, Slot.MAIN, container, image);
    }

    void start(String name, Slot slot, Container container, PreparedImage image) {
        try {
            for (VolumeMount volume : container.volumes()) {
                Files.createDirectories(settings.volumes().resolve(name).resolve(volume.source()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        containers.start(
                name,
                slot,
                container,
                container.membership().flatMap(Membership::goal).orElse(Goal.STARTED),
                image);
    }

    void stop(String name) {
        containers.stop(name, Slot.MAIN);
    }

    List<String> log(String name, int lines) {
        return containers.logTail(name, Slot.MAIN, lines);
    }

    PreparedImage image(String... command) {
        return image(Map.of(), "", "/", Optional.empty(), command);
    }

    PreparedImage image(
            Map<String, String> environment,
            String user,
            String folder,
            Optional<HealthCheck.Exec> health,
            String... command) {
        ImageConfig config = new ImageConfig(
                "linux",
                "amd64",
                "",
                List.of(),
                List.of(command),
                environment,
                user,
                folder,
                "SIGTERM",
                List.of(),
                List.of(),
                health,
                List.of());
        return new PreparedImage(MANIFEST, config, data.resolve("layers"), List.of("aaa"));
    }

    PreparedImage shell(String script) {
        return image("/bin/sh", "-c", script);
    }

    static Container container(RestartPolicy policy) {
        return container(policy, new Limits(32 << 20, 0, 64), Map.of(), List.of(), Optional.empty());
    }

    static Container container(
            RestartPolicy policy,
            Limits limits,
            Map<String, String> environment,
            List<VolumeMount> volumes,
            Optional<HealthCheck> health) {
        return Container.plain(
                new ServiceVersion("s", "service", 1),
                new Image("c/service", MANIFEST, 0, 0),
                environment,
                limits,
                volumes,
                health,
                policy,
                1,
                10);
    }

    /** One whose program has so long to end. */
    static Container stoppedWithin(int seconds, Container container) {
        return Container.plain(
                container.service(),
                container.image(),
                container.environment(),
                container.limits(),
                container.volumes(),
                container.health(),
                container.restart(),
                seconds,
                container.probationSeconds());
    }

    /** A container with a place among others, a recovery or rules for its update. */
    static Container with(
            Container container, Optional<Goal> goal, Optional<Recovery> recovery, Optional<UpdateRules> update) {
        return new Container(
                container.service(),
                container.image(),
                container.environment(),
                container.limits(),
                container.volumes(),
                container.health(),
                container.restart(),
                container.stopSeconds(),
                container.probationSeconds(),
                goal.map(g -> new Membership(
                        Optional.empty(), Optional.of(g), Optional.empty(), Optional.empty(), List.of())),
                recovery,
                update,
                container.config());
    }

    ContainerStatus status(String name) {
        return containers.status().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    ContainerStatus await(String name, Predicate<ContainerStatus> wanted) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> status(name), wanted);
    }

    /** Waits until the container has written a line, and gives all that it has written. */
    List<String> awaitLog(String name, Predicate<String> line) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> log(name, 1000), lines -> lines.stream().anyMatch(line));
    }

    /** Runs a script once in a container of its own and gives what it wrote. */
    List<String> output(String name, Container container, PreparedImage image) {
        start(name, container, image);
        await(name, s -> s.state() == ContainerStatus.State.STOPPED);
        return log(name, 1000);
    }

    Path rootfs(String name) {
        return data.resolve("containers").resolve(name).resolve("rootfs");
    }

    long conmon(String name) throws IOException {
        return Long.parseLong(
                Files.readString(settings.folder(name).conmonPid()).strip());
    }

    long init(String name) throws IOException {
        return Long.parseLong(Files.readString(settings.folder(name).pid()).strip());
    }

    /** All of this sandbox that the machine still holds: mounts, processes, control groups, runc's records. */
    List<String> remains() throws IOException {
        List<String> remains = new ArrayList<>();
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            mounts.filter(l -> l.contains(data.toString())).forEach(l -> remains.add("mount: " + l));
        }
        commands.run(HostCommand.of("ps", "-eo", "pid,args"))
                .out()
                .lines()
                .filter(l -> l.contains(data.toString()))
                .forEach(l -> remains.add("process: " + l));
        try (Stream<Path> trees = Files.list(Path.of("/sys/fs/cgroup"))) {
            trees.map(t -> t.resolve("skerry/" + scope)).filter(Files::exists).forEach(g -> remains.add("group: " + g));
        }
        try (Stream<Path> records = Files.list(settings.runcRoot())) {
            records.forEach(r -> remains.add("runc: " + r));
        }
        return remains;
    }

    void stopAll() {
        containers.present().forEach((name, present) -> {
            if (present.beside().isPresent()) {
                containers.stop(name, Slot.BESIDE);
            }
            containers.stop(name, Slot.MAIN);
        });
    }

    @Override
    public void close() {
        containers.close();
        commands.run(HostCommand.of("rm", "-rf", "--one-file-system", data.toString()));
    }
}
