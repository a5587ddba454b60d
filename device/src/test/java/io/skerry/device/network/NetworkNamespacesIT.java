package io.skerry.device.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.filesystem.LoopFileSystem;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real network namespaces; needs root. */
class NetworkNamespacesIT {
    private static final Container CONTAINER = Container.plain(
            new ServiceVersion("s", "service", 1),
            new Image("c/service", Digest.of("image".getBytes(StandardCharsets.UTF_8)), 0, 0),
            Map.of(),
            Limits.DEFAULT,
            List.of(),
            Optional.empty(),
            RestartPolicy.ALWAYS,
            1,
            10);

    @TempDir
    Path data;

    private final HostCommands commands = new HostCommands();
    private final Mounts mounts = new Mounts(commands);
    private NetworkNamespaces networks;

    @BeforeEach
    void open() {
        LoopFileSystem.requireRoot();
        networks = NetworkNamespaces.open(data.resolve("run/netns"), commands);
    }

    @AfterEach
    void leavesNothing() {
        networks.all().forEach(networks::remove);
        List<Mounts.Mount> left = mounts.under(data);
        left.forEach(m -> mounts.unmount(m.at()));
        assertThat(left).isEmpty();
    }

    @Test
    void aNamespaceHasLoopbackAndNothingElse() {
        Path file = networks.configure("web", CONTAINER);

        String links = inside(file, "ip", "-o", "link").out();
        assertThat(links.lines()).singleElement().asString().contains("lo:").contains(",UP");
        assertThat(inside(file, "busybox", "ping", "-c", "1", "127.0.0.1").succeeded())
                .isTrue();
        assertThat(mounts.at(file)).hasValueSatisfying(m -> assertThat(m.root()).isNotEqualTo(own()));
    }

    @Test
    void twoFormsOfAContainerHaveOneEach() {
        Path one = networks.configure("web", CONTAINER);
        Path two = networks.configure("web+7", CONTAINER);

        assertThat(networks.all()).containsExactly("web", "web+7");
        assertThat(root(one)).isNotEqualTo(root(two));
    }

    @Test
    void oneThatIsThereIsLeftAsItIs() {
        Path file = networks.configure("web", CONTAINER);
        String before = root(file);

        assertThat(networks.configure("web", CONTAINER)).isEqualTo(file);

        assertThat(root(file)).isEqualTo(before);
        assertThat(mounts.under(data)).hasSize(1);
    }

    @Test
    void theNextDaemonFindsItAndBringsUpLoopbackWhereTheLastOneWasKilledBefore() {
        Path file = networks.configure("web", CONTAINER);
        inside(file, "busybox", "ip", "link", "set", "lo", "down").orFail();
        String before = root(file);

        networks = NetworkNamespaces.open(data.resolve("run/netns"), commands);
        assertThat(networks.has("web")).isTrue();
        networks.configure("web", CONTAINER);

        assertThat(root(file)).isEqualTo(before);
        assertThat(inside(file, "ip", "-o", "link").out()).contains(",UP");
    }

    @Test
    void oneThatIsMadeAnewByTheSameDaemonHasLoopbackToo() {
        networks.configure("web", CONTAINER);
        networks.remove("web");

        Path file = networks.configure("web", CONTAINER);

        assertThat(inside(file, "ip", "-o", "link").out()).contains(",UP");
    }

    @Test
    void afterARebootItIsAbsentAndMadeAnew() throws IOException {
        Path file = networks.configure("web", CONTAINER);
        commands.run(HostCommand.of("umount", file.toString())).orFail();
        assertThat(file).exists();

        assertThat(networks.has("web")).isFalse();
        assertThat(networks.all()).isEmpty();
        networks.configure("web", CONTAINER);

        assertThat(networks.has("web")).isTrue();
        commands.run(HostCommand.of("umount", file.toString())).orFail();
        networks = NetworkNamespaces.open(data.resolve("run/netns"), commands);
        assertThat(data.resolve("run/netns")).isEmptyDirectory();
    }

    @Test
    void removingLeavesNothingAlsoWhenItIsDoneTwice() throws IOException {
        Path file = networks.configure("web", CONTAINER);

        networks.remove("web");
        networks.remove("web");

        assertThat(networks.has("web")).isFalse();
        assertThat(file).doesNotExist();
        assertThat(mounts.under(data)).isEmpty();
    }

    @Test
    void oneThatSomebodyHasOpenIsRemoved() throws IOException {
        Path file = networks.configure("web", CONTAINER);

        try (var _ = Files.newInputStream(file)) {
            networks.remove("web");
            assertThat(file).doesNotExist();
        }
        assertThat(mounts.under(data)).isEmpty();
    }

    @Test
    void theDaemonsOwnNamespaceIsNeverTakenForAContainers() throws IOException {
        Path file = Files.createFile(
                Files.createDirectories(data.resolve("run/netns")).resolve("web"));
        commands.run(HostCommand.of("mount", "--bind", "/proc/self/ns/net", file.toString()))
                .orFail();

        assertThat(networks.has("web")).isFalse();
        networks.configure("web", CONTAINER);

        assertThat(networks.has("web")).isTrue();
        assertThat(root(file)).isNotEqualTo(own());
        assertThat(mounts.under(data)).hasSize(1);
    }

    @Test
    void worksInAFolderWithASpaceInItsName() {
        Path other = data.resolve("a folder");
        NetworkNamespaces spaced = NetworkNamespaces.open(other.resolve("netns"), commands);

        spaced.configure("web", CONTAINER);

        assertThat(spaced.all()).containsExactly("web");
        spaced.remove("web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../a", "a b", "+a"})
    void refusesNamesThatLeadElsewhere(String id) {
        assertThatThrownBy(() -> networks.configure(id, CONTAINER)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> networks.remove(id)).isInstanceOf(IllegalArgumentException.class);
    }

    private String root(Path file) {
        return mounts.at(file).orElseThrow().root();
    }

    private String own() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandResult inside(Path file, String... command) {
        List<String> arguments = new ArrayList<>(List.of("nsenter", "--net=" + file));
        arguments.addAll(List.of(command));
        return commands.run(HostCommand.of(arguments));
    }
}
