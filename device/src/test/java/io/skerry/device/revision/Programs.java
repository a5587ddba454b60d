package io.skerry.device.revision;

import io.skerry.device.image.FakeRegistry;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Real images of small programs, each of which says which it is, in a registry in memory. */
final class Programs {
    /** Where an image says what it is; its program adds that to its volume at each start. */
    static final String NAME = "program";

    private static final String START = """
            #!/bin/sh
            [ -d /data ] && cat /program >> /data/programs
            trap 'exit 7' USR1
            sleep 100000 &
            wait
            """;
    private static final String CONFIG = "\"Cmd\":[\"/bin/sh\",\"/start\"]";
    /** Asked once, and what it answers doesn't count for a day. */
    private static final String UNWELL =
            ",\"Healthcheck\":{\"Test\":[\"CMD\",\"/bin/false\"],\"Interval\":%1$d,\"StartPeriod\":%1$d,\"Timeout\":%1$d}"
                    .formatted(86_400L * 1_000_000_000L);

    private static final byte[] BASE = base();
    private static final List<String> BASE_FILES = List.of(
            "bin/after",
            "bin/before",
            "bin/busybox",
            "bin/cat",
            "bin/false",
            "bin/hand-over",
            "bin/sh",
            "bin/sleep",
            "bin/true",
            "start");

    private final FakeRegistry registry = new FakeRegistry();
    private final Map<Program, Image> images = new ConcurrentHashMap<>();

    private record Program(String name, long version, boolean well) {
        @Override
        public String toString() {
            return name + ":" + version + ";";
        }
    }

    /** All images that were asked for, and whole. */
    FakeRegistry registry() {
        return registry;
    }

    /** A container's form, with an image of its own. */
    Container form(Container model, boolean well) {
        var program = new Program(model.service().name(), model.service().version(), well);
        return new Container(
                model.service(),
                images.computeIfAbsent(program, this::image),
                model.environment(),
                new Limits(32 << 20, 0, 64),
                model.volumes(),
                model.health(),
                // What ends stays so, that it can be seen.
                RestartPolicy.NO,
                model.stopSeconds(),
                model.probationSeconds(),
                model.membership(),
                model.recovery(),
                model.update(),
                model.config());
    }

    private Image image(Program program) {
        try {
            byte[] name = program.toString().getBytes(StandardCharsets.UTF_8);
            return registry.image(
                    "customer/" + program.name(),
                    "linux",
                    architecture(),
                    program.well() ? CONFIG : CONFIG + UNWELL,
                    List.of(BASE, tar(out -> file(out, NAME, name, 0644))),
                    BASE.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
    }

    private interface Content {
        void to(TarArchiveOutputStream out) throws IOException;
    }

    private static byte[] base() {
        try {
            return tar(out -> {
                folder(out, "bin/");
                file(out, "bin/busybox", Files.readAllBytes(Path.of("/bin/busybox")), 0755);
                for (String applet : List.of("sh", "cat", "sleep", "true", "false")) {
                    var link = new TarArchiveEntry("bin/" + applet, TarConstants.LF_SYMLINK);
                    link.setLinkName("busybox");
                    link.setModTime(0);
                    out.putArchiveEntry(link);
                    out.closeArchiveEntry();
                }
                for (String hook : List.of("before", "after", "hand-over")) {
                    file(out, "bin/" + hook, "#!/bin/true\n".getBytes(StandardCharsets.US_ASCII), 0755);
                }
                file(out, "start", START.getBytes(StandardCharsets.US_ASCII), 0755);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] tar(Content content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new TarArchiveOutputStream(bytes)) {
            content.to(out);
        }
        return bytes.toByteArray();
    }

    private static void folder(TarArchiveOutputStream out, String name) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setModTime(0);
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream out, String name, byte[] content, int mode) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(mode);
        entry.setModTime(0);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    /** Whether an unpacked layer has all that it should, and nothing else. */
    static boolean isWhole(Path layer) {
        List<String> files = Rig.filesBelow(layer);
        return files.equals(List.of(NAME)) || (files.equals(BASE_FILES) && isBusybox(layer.resolve("bin/busybox")));
    }

    private static boolean isBusybox(Path file) {
        try {
            return Files.mismatch(file, Path.of("/bin/busybox")) < 0;
        } catch (IOException e) {
            return false;
        }
    }
}
