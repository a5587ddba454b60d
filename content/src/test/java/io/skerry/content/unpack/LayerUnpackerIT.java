package io.skerry.content.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root, as the device's daemon does. */
class LayerUnpackerIT {
    private static final UnpackLimits LIMITS = UnpackLimits.ofBytes(64L << 20);

    @TempDir
    private Path temp;

    @Test
    void keepsContentOwnersModesTimesAndLinks() throws Exception {
        Path layer = unpacked(new Tars()
                .folder("bin")
                .file("bin/su", "suid", e -> {
                    e.setMode(04755);
                    e.setUserId(12);
                    e.setGroupId(3_000_000_000L);
                })
                .symlink("bin/sh", "/bin/su")
                .link("bin/again", "bin/su")
                .file("größe/ünïcode", "é"));

        assertThat(layer.resolve("bin/su")).hasContent("suid");
        assertThat(attribute(layer, "bin/su", "mode")).isEqualTo(0104755);
        assertThat(attribute(layer, "bin/su", "uid")).isEqualTo(12);
        assertThat(Integer.toUnsignedLong((int) attribute(layer, "bin/su", "gid")))
                .isEqualTo(3_000_000_000L);
        assertThat(Files.getLastModifiedTime(layer.resolve("bin/su")).toInstant())
                .isEqualTo(Tars.TIME);
        assertThat(Files.getLastModifiedTime(layer.resolve("bin")).toInstant()).isEqualTo(Tars.TIME);
        assertThat(Files.readSymbolicLink(layer.resolve("bin/sh"))).hasToString("/bin/su");
        assertThat(attribute(layer, "bin/again", "ino")).isEqualTo(attribute(layer, "bin/su", "ino"));
        assertThat(layer.resolve("größe/ünïcode")).exists();
        assertThat(temp.resolve("layer.times")).doesNotExist();
    }

    @Test
    void turnsWhiteoutsIntoWhatOverlayfsUnderstands() throws Exception {
        Path layer = unpacked(new Tars()
                .folder("etc")
                .file("etc/.wh.passwd", "")
                .folder("opt")
                .file("opt/.wh..wh..opq", "")
                .file("opt/new", "n")
                .file(".wh..wh.plnk", "")
                .file(".wh.tmp", "")
                .file("tmp/inside", "hides the old tmp"));

        assertThat(attribute(layer, "etc/passwd", "rdev")).isEqualTo(0L);
        assertThat(((int) attribute(layer, "etc/passwd", "mode")) & 0170000).isEqualTo(LinuxFiles.CHARACTER_DEVICE);
        assertThat(layer.resolve(".wh..wh.plnk")).doesNotExist();
        assertThat(xattr(layer.resolve("opt"), "trusted.overlay.opaque")).isEqualTo("y");
        assertThat(xattr(layer.resolve("tmp"), "trusted.overlay.opaque")).isEqualTo("y");
        // The kernel's own judgement: over a layer that has all of it, only the new is seen.
        Path lower = unpackedTo(
                "lower",
                new Tars()
                        .file("etc/passwd", "old")
                        .file("etc/group", "g")
                        .file("opt/old", "o")
                        .file("tmp/old", "o"));
        Path merged = Files.createDirectory(temp.resolve("merged"));
        assertThat(run("mount", "-t", "overlay", "overlay", "-o", "lowerdir=" + layer + ":" + lower, merged.toString()))
                .isEmpty();
        try {
            assertThat(merged.resolve("etc/passwd")).doesNotExist();
            assertThat(merged.resolve("etc/group")).hasContent("g");
            assertThat(merged.resolve("opt/old")).doesNotExist();
            assertThat(merged.resolve("opt/new")).exists();
            assertThat(merged.resolve("tmp/old")).doesNotExist();
            assertThat(merged.resolve("tmp/inside")).exists();
        } finally {
            run("umount", merged.toString());
        }
    }

    @Test
    void makesNodesPipesAndCapabilities() throws Exception {
        // Revision 2, effective, CAP_SETUID (0x80, which is no UTF-8) permitted.
        byte[] capability = HexFormat.of().parseHex("0100000280000000000000000000000000000000");
        byte[] marked = paxFile("ping", "SCHILY.xattr.security.capability", capability);
        Path layer = unpackedTo("caps", marked);
        assertThat(run("getcap", layer.resolve("ping").toString())).contains("cap_setuid=ep");

        Path nodes = unpackedTo(
                "nodes",
                new Tars()
                        .node("tty", TarConstants.LF_CHR, 5, 300)
                        .node("sda", TarConstants.LF_BLK, 8, 1)
                        .node("pipe", TarConstants.LF_FIFO, 0, 0));
        assertThat(run("stat", "-c", "%F %t %T %a", nodes.resolve("tty").toString())
                        .strip())
                .isEqualTo("character special file 5 12c 644");
        assertThat(run("stat", "-c", "%F", nodes.resolve("sda").toString()).strip())
                .isEqualTo("block special file");
        assertThat(run("stat", "-c", "%F", nodes.resolve("pipe").toString()).strip())
                .isEqualTo("fifo");
    }

    @Test
    void leavesOutAttributesThatCouldSteerTheOverlay() throws Exception {
        Path layer = unpackedTo(
                "steer",
                paxFile("f", "SCHILY.xattr.trusted.overlay.redirect", "/etc".getBytes(StandardCharsets.UTF_8)));

        assertThat(xattr(layer.resolve("f"), "trusted.overlay.redirect")).isEmpty();
    }

    @Test
    void readsGzipOfManyMembersAndZstd() throws Exception {
        byte[] tar = new Tars().file("a", "x".repeat(100_000)).bytes();
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int at = 0; at < tar.length; at += 10_000) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(new Unclosed(members))) {
                gzip.write(tar, at, Math.min(10_000, tar.length - at));
            }
        }

        assertThat(unpack("gz", members.toByteArray(), Digest.of(tar))).isEqualTo(100_000);
        assertThat(unpack("zst", Zstd.compress(tar, 3), Digest.of(tar))).isEqualTo(100_000);
        assertThat(temp.resolve("gz/a")).hasSize(100_000);
    }

    @Test
    void laterEntriesReplaceEarlierOnes() throws Exception {
        Path layer = unpacked(new Tars()
                .file("a/b/c", "1")
                .file("a", "now a file")
                .symlink("s", "a")
                .file("s", "no link any more")
                .file("d", "file first")
                .folder("d")
                .file("d/e", "e"));

        assertThat(layer.resolve("a")).hasContent("now a file");
        assertThat(layer.resolve("s")).isRegularFile().hasContent("no link any more");
        assertThat(layer.resolve("d/e")).exists();
    }

    @Test
    void followsLinksOnTheWayOnlyWithinTheLayer() throws Exception {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Path layer = unpacked(new Tars()
                .symlink("abs", outside.toString())
                .file("abs/one", "1")
                .symlink("up", "../../../../../../../.." + outside)
                .file("up/two", "2")
                .symlink("loop/deeper/link", "../../usr/../usr/lib")
                .file("loop/deeper/link/three", "3")
                .file("/rooted", "4"));

        assertThat(outside).isEmptyDirectory();
        assertThat(layer.resolve(outside.toString().substring(1)).resolve("one"))
                .hasContent("1");
        assertThat(layer.resolve(outside.toString().substring(1)).resolve("two"))
                .hasContent("2");
        assertThat(layer.resolve("usr/lib/three")).hasContent("3");
        assertThat(layer.resolve("rooted")).hasContent("4");
    }

    @Test
    void refusesPathsThatLeadOut() {
        refused(new Tars().file("../evil", "x"), "leads out of the layer");
        refused(new Tars().file("a/../../evil", "x"), "leads out of the layer");
        refused(new Tars().file("a", "x").link("b", "../../etc/passwd"), "leads out of the layer");
        refused(new Tars().file("etc/.wh...", ""), "leads out of the layer");
        refused(new Tars().file("etc/.wh.", ""), "hides nothing that has a name");
        refused(new Tars().symlink("l", "l").file("l/x", ""), "too many links");
        refused(new Tars().file("f", "").file("f/x", ""), "goes through a file");
        refused(new Tars().symlink("p", "/etc/passwd").link("q", "p/x"), "");
        assertThat(temp.resolve("evil")).doesNotExist();
    }

    @Test
    void hardLinksNeverReachBeyondTheLayer() throws Exception {
        refused(new Tars().link("shadow", "etc/shadow"), "no file of it");
        refused(new Tars().link("shadow", "/etc/shadow"), "no file of it");
        refused(new Tars().symlink("x", "/etc").link("shadow", "x/shadow"), "no file of it");
        refused(new Tars().file("a/b", "x").link("a", "a/b"), "takes the place");
        // A link to a symbolic link is a second name for the link, not for what it points at.
        Path layer = unpacked(new Tars().symlink("s", "/etc/passwd").link("t", "s"));
        assertThat(layer.resolve("t")).isSymbolicLink();
    }

    @Test
    void refusesOtherContentThanTheImageSays() {
        byte[] tar = new Tars().file("a", "x").bytes();

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> unpack("wrong", tar, Digest.of(new byte[0])))
                .withMessageStartingWith("image.corrupt")
                .withMessageContaining(Digest.of(tar).value());
        assertThat(temp.resolve("wrong")).doesNotExist();
    }

    @Test
    void refusesTruncatedAndGarbledLayers() throws Exception {
        byte[] tar = new Tars().file("a", "x".repeat(50_000)).bytes();
        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(gz)) {
            gzip.write(tar);
        }
        byte[] short1 = java.util.Arrays.copyOf(gz.toByteArray(), gz.size() / 2);
        byte[] short2 = java.util.Arrays.copyOf(tar, 20_000);
        byte[] short3 = java.util.Arrays.copyOf(Zstd.compress(tar, 3), 30);
        for (byte[] cut : new byte[][] {short1, short2, short3}) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> unpack("cut", cut, Digest.of(tar)))
                    .withMessageStartingWith("image.corrupt");
            assertThat(temp.resolve("cut")).doesNotExist();
        }
    }

    @Test
    void boundsBytesEntriesAndHeaders() throws Exception {
        byte[] bomb = new Tars().file("zeros", "\0".repeat(1_000_000)).bytes();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new LayerUnpacker(UnpackLimits.ofBytes(500_000))
                        .unpack(
                                new ByteArrayInputStream(Zstd.compress(bomb, 3)),
                                Digest.of(bomb),
                                temp.resolve("bomb")))
                .withMessageStartingWith("image.too-large");
        assertThat(temp.resolve("bomb")).doesNotExist();

        byte[] deep = new Tars().file("a/".repeat(20) + "x", "").bytes();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new LayerUnpacker(new UnpackLimits(1 << 20, 10))
                        .unpack(new ByteArrayInputStream(deep), Digest.of(deep), temp.resolve("deep")))
                .withMessageStartingWith("image.too-large");

        byte[] longHeader = paxFile("f", "comment", new byte[300_000]);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> unpack("header", longHeader, Digest.of(longHeader)))
                .withMessageContaining("headers of an entry");
    }

    @Test
    void anInterruptedThreadEndsTheCallAndLeavesNothing() {
        byte[] tar = new Tars().file("a", "x").bytes();
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> unpack("stopped", tar, Digest.of(tar)))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("image.interrupted"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(temp.resolve("stopped")).doesNotExist();
    }

    @Test
    void readsSparseFilesWithTheirHoles() throws Exception {
        Path source = Files.createDirectory(temp.resolve("source"));
        run("dd", "if=/dev/zero", "of=" + source.resolve("s"), "bs=1", "count=1", "seek=2000000", "status=none");
        Files.writeString(source.resolve("after"), "still read");
        for (String format : new String[] {"gnu", "posix"}) {
            Path tar = temp.resolve(format + ".tar");
            run("tar", "-S", "--format=" + format, "-C", source.toString(), "-cf", tar.toString(), "s", "after");
            byte[] bytes = Files.readAllBytes(tar);
            assertThat(bytes.length).isLessThan(100_000);

            unpack("sparse-" + format, bytes, Digest.of(bytes));

            assertThat(temp.resolve("sparse-" + format + "/s")).hasSize(2_000_001);
            assertThat(temp.resolve("sparse-" + format + "/after")).hasContent("still read");
        }
    }

    @Test
    void agreesWithTarOnARealTree() throws Exception {
        Path tar = temp.resolve("real.tar");
        run(
                "tar",
                "--format=posix",
                "-C",
                "/",
                "-cf",
                tar.toString(),
                "etc/alternatives",
                "usr/lib/locale",
                "var/lib/dpkg/info/base-files.list");
        byte[] bytes = Files.readAllBytes(tar);

        unpack("real", bytes, Digest.of(bytes));

        Path judged = Files.createDirectory(temp.resolve("judged"));
        run("tar", "-C", judged.toString(), "-xpf", tar.toString());
        String listing = "cd %s && find . -mindepth 2 -printf '%%P %%y %%m %%U %%G %%s %%l\\n' | sort";
        assertThat(run("sh", "-c", listing.formatted(temp.resolve("real"))))
                .isEqualTo(run("sh", "-c", listing.formatted(judged)))
                .isNotEmpty();
    }

    private void refused(Tars tars, String why) {
        byte[] tar = tars.bytes();
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> unpack("refused", tar, Digest.of(tar)))
                .withMessageStartingWith("image.corrupt")
                .withMessageContaining(why);
        assertThat(temp.resolve("refused")).doesNotExist();
    }

    private Path unpacked(Tars tars) {
        return unpackedTo("layer", tars.bytes());
    }

    private Path unpackedTo(String name, Tars tars) {
        return unpackedTo(name, tars.bytes());
    }

    private Path unpackedTo(String name, byte[] tar) {
        unpack(name, tar, Digest.of(tar));
        return temp.resolve(name);
    }

    private long unpack(String name, byte[] layer, Digest diffId) {
        return new LayerUnpacker(LIMITS).unpack(new ByteArrayInputStream(layer), diffId, temp.resolve(name));
    }

    private static Object attribute(Path layer, String name, String attribute) throws IOException {
        return Files.getAttribute(layer.resolve(name), "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    }

    /** A file with one PAX record, whose value may be any bytes. */
    private static byte[] paxFile(String name, String key, byte[] value) throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        int length = key.length() + value.length + 3;
        int digits = String.valueOf(length).length();
        length += String.valueOf(length + digits).length();
        record.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.UTF_8));
        record.writeBytes(value);
        record.write('\n');
        String content = record.toString(StandardCharsets.ISO_8859_1);
        return new Tars()
                .entry("PaxHeaders/f", TarConstants.LF_PAX_EXTENDED_HEADER_LC, e -> {}, content)
                .file(name, "data")
                .bytes();
    }

    private static String xattr(Path path, String name) throws Exception {
        return run("python3", "-c", """
                import os, sys
                try:
                    sys.stdout.write(os.getxattr(sys.argv[1], sys.argv[2]).decode())
                except OSError:
                    pass
                """, path.toString(), name);
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** So that each gzip member ends without ending what it is written to. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        private Unclosed(java.io.OutputStream out) {
            super(out);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
