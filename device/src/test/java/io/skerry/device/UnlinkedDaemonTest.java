package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.device.config.DeviceSettings;
import io.skerry.device.host.HostCommands;
import io.skerry.device.identity.TrustedTime;
import io.skerry.device.image.FakeRegistry;
import io.skerry.device.image.HostDisk;
import io.skerry.device.image.ImageStore;
import io.skerry.device.revision.Containers;
import io.skerry.device.revision.Machine;
import io.skerry.device.revision.Volumes;
import io.skerry.device.watch.Watch;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlinkedDaemonTest {
    private static final Problem PROBLEM = new Problem("identity.unreadable", "Who this is can't be read.");

    @TempDir
    Path data;

    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Test
    void startsWhatIsCommittedAndTellsWhyItHasNoLink() throws Exception {
        commit(prepared());
        try (Watch watch = Watch.begin(Map.of(), 1, Optional.empty(), System::nanoTime);
                UnlinkedDaemon daemon = new UnlinkedDaemon(
                        DeviceSettings.read(data),
                        PROBLEM,
                        host(),
                        watch,
                        TrustedTime.open(data, InstantSource.system(), System::nanoTime),
                        new Random(1))) {
            daemon.start();

            await().untilAsserted(() -> assertThat(calls).contains("prepareNetwork web", "start web"));
            Path status = data.resolve("status.json");
            await().untilAsserted(() -> assertThat(status).exists());
            assertThat(Wire.read(DeviceStatus.JSON, Files.readAllBytes(status), "The status")
                            .problems())
                    .contains(PROBLEM);
        }
    }

    private Image prepared() throws Exception {
        FakeRegistry registry = new FakeRegistry();
        Image image = registry.image("c/web", "linux", Daemon.architecture().word(), "", List.of(), 1000);
        ImageStore images = new ImageStore(
                data.resolve("content"),
                new RegistryClient(registry, RegistryAccess.anonymous()),
                "cloud.example:7444",
                Daemon.architecture(),
                new HostDisk(new HostCommands()),
                "boot");
        images.fetch(image);
        images.unpack(image);
        return image;
    }

    private void commit(Image image) throws Exception {
        Container web = Container.plain(
                new ServiceVersion("s", "web", 1),
                image,
                Map.of(),
                new Limits(32 << 20, 0, 64),
                List.of(),
                Optional.empty(),
                RestartPolicy.ALWAYS,
                1,
                10);
        Path revision = Files.createDirectories(data.resolve("revisions/1"));
        Files.write(revision.resolve("desired.json"), Documents.WORKLOAD.toJsonBytes(Workload.of(Map.of("web", web))));
        Files.createSymbolicLink(data.resolve("current"), Path.of("revisions/1"));
    }

    private Host host() {
        return new Host(
                noting(Containers.class),
                noting(Volumes.class),
                noting(Machine.class),
                (name, lines, follow, sink, cancelled) -> {},
                () -> new Capabilities(1, Daemon.architecture(), List.of("runc"), List.of(), List.of(), 2),
                List::of,
                new HostDisk(new HostCommands()));
    }

    /** Notes each call with its first argument, and knows of nothing. */
    private <T> T noting(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    calls.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
                    return switch (method.getReturnType().getSimpleName()) {
                        case "boolean" -> false;
                        case "long" -> 0L;
                        case "int" -> 0;
                        case "String" -> "boot";
                        case "Map" -> Map.of();
                        case "List" -> List.of();
                        case "Set" -> Set.of();
                        case "Optional" -> Optional.empty();
                        default -> null;
                    };
                }));
    }
}
