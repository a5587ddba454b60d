package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.revision.ConfigContents;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.RestartPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Configuration files in a container; needs root, runc, conmon and tini. */
class ConfigFilesIT {
    private static final String SECRET = "the-key-of-the-house";

    private final Sandbox box = new Sandbox();
    private final ConfigContents contents = new ConfigContents(box.data);

    @AfterEach
    void clean() throws IOException {
        try (box) {
            box.stopAll();
            assertThat(box.remains()).isEmpty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConfigFile file(String path, int mode, String content) {
        return new ConfigFile(path, mode, Digest.of(bytes(content)), content.length());
    }

    private static Container with(RestartPolicy policy, ConfigFile... files) {
        return Sandbox.container(policy).with(Optional.of(new ConfigFiles(List.of(files))));
    }

    private void told(String... said) {
        Map<Digest, byte[]> all = new HashMap<>();
        for (String one : said) {
            all.put(Digest.of(bytes(one)), bytes(one));
        }
        contents.keep(all);
    }

    @Test
    void areAtTheirPathsWithTheirModesForTheContainersUserAndCannotBeChanged() {
        told(SECRET, "plain\n");
        Container container = with(
                RestartPolicy.NO,
                file("/etc/app/key", 0400, SECRET),
                file("/run/secrets/token", 0644, "plain\n"),
                file("/srv/data/run.sh", 0550, "plain\n"));
        String script = """
                busybox cat /etc/app/key; echo
                busybox cat /run/secrets/token
                busybox stat -c '%n %a %u %g' /etc/app/key /run/secrets/token /srv/data/run.sh
                echo other > /run/secrets/token || echo denied
                busybox cat /run/secrets/token
                """;
        List<String> log = box.output(
                "one", container, box.image(Map.of(), "app", "/", Optional.empty(), "/bin/sh", "-c", script));

        assertThat(log)
                .contains(
                        SECRET,
                        "plain",
                        "/etc/app/key 400 1000 1001",
                        "/run/secrets/token 644 1000 1001",
                        "/srv/data/run.sh 550 1000 1001",
                        "denied")
                .doesNotContain("other");
    }

    @Test
    void rootInTheContainerCannotChangeThemEither() {
        told(SECRET);
        List<String> log = box.output(
                "one",
                with(RestartPolicy.NO, file("/etc/key", 0600, SECRET)),
                box.shell("echo x > /etc/key || echo denied; busybox rm /etc/key || echo held"));

        assertThat(log).contains("denied", "held");
    }

    @Test
    void areInClearInMemoryAloneAndOtherwiseOnlyForTheDaemon() throws IOException {
        told(SECRET);
        box.start("one", with(RestartPolicy.ALWAYS, file("/etc/key", 0444, SECRET)), box.shell("sleep 1000"));

        List<Path> holders = holders();
        Path kept = box.data.resolve("config").resolve(Digest.of(bytes(SECRET)).hex());
        Path clear = box.settings.folder("one").configFiles().resolve("0");
        assertThat(holders).containsExactlyInAnyOrder(kept, clear);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.getParent())))
                .isEqualTo("rwx------");
        assertThat(clear).startsWith(box.settings.run());

        box.stop("one");
        assertThat(holders()).containsExactly(kept);
    }

    /** The files of the daemon in which the secret stands. */
    private List<Path> holders() throws IOException {
        List<Path> holders = new ArrayList<>();
        try (Stream<Path> files = Files.walk(box.data)) {
            for (Path file : files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .filter(f -> !f.startsWith(box.rootfs("one")) && !f.startsWith(box.settings.networks()))
                    .toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET)) {
                    holders.add(file);
                }
            }
        }
        return holders;
    }

    @Test
    void areThereAgainAfterARebootWithoutAnybodyTellingThem() {
        told(SECRET);
        Container container = with(RestartPolicy.ALWAYS, file("/etc/key", 0400, SECRET));
        box.start("one", container, box.shell("busybox cat /etc/key; echo; sleep 1000"));
        box.awaitLog("one", SECRET::equals);

        box.reboot();
        box.commands.run(io.skerry.device.host.HostCommand.of(
                "rm", "-rf", box.settings.notes().toString()));
        box.start("one", container, box.shell("echo again; busybox cat /etc/key; echo; sleep 1000"));

        assertThat(box.awaitLog("one", SECRET::equals)).contains("again");
    }

    @Test
    void oneWhoseContentIsLostIsNamedAndNothingIsLeft() throws IOException {
        assertThatThrownBy(() -> box.start(
                        "one", with(RestartPolicy.ALWAYS, file("/etc/key", 0400, SECRET)), box.shell("sleep 1000")))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("container.config-missing");
                    assertThat(e.problem().message()).contains("/etc/key", "'one'");
                });
        assertThat(box.remains()).isEmpty();
    }
}
