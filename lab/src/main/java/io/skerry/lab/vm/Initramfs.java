package io.skerry.lab.vm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * The small file system that a guest starts from: a busybox, the modules that reach the host's root, and {@code init}, which
 * makes the guest's root. What stands below {@code overlay/} in it appears in that root.
 */
final class Initramfs {
    private static final List<String> MODULES =
            List.of("virtio_pci", "virtio_blk", "virtio_net", "virtio_console", "virtiofs", "overlay");
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String OWN = "overlay/etc/skerry-lab/";

    private Initramfs() {}

    /**
     * Writes it.
     *
     * @param files further text files of the guest's root, by their path without the first slash; those in a {@code bin}
     *     folder can be run
     */
    static void write(Path file, GuestKernel kernel, Map<String, String> files) {
        try (OutputStream to = Files.newOutputStream(file);
                OutputStream zipped = new GZIPOutputStream(to) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                };
                CpioArchiveOutputStream cpio = new CpioArchiveOutputStream(zipped)) {
            Map<String, byte[]> content = new TreeMap<>();
            content.put("bin/busybox", Files.readAllBytes(BUSYBOX));
            content.put("init", resource("init"));
            List<Path> modules = kernel.modules(MODULES);
            for (int i = 0; i < modules.size(); i++) {
                content.put(
                        "lib/modules/" + (100 + i) + "-" + modules.get(i).getFileName(),
                        Files.readAllBytes(modules.get(i)));
            }
            for (String own : List.of("guest", "agent", "mounts")) {
                content.put(OWN + own, resource(own));
            }
            content.put(OWN + "busybox", Files.readAllBytes(BUSYBOX));
            for (var more : files.entrySet()) {
                content.put(
                        "overlay/" + more.getKey(), more.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            Set<String> folders = new HashSet<>();
            for (var entry : content.entrySet()) {
                folders(cpio, entry.getKey(), folders);
                put(cpio, entry.getKey(), mode(entry.getKey()), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int mode(String name) {
        boolean program = name.equals("init") || name.startsWith(OWN) || name.contains("bin/");
        return CpioConstants.C_ISREG | (program ? 0755 : 0644);
    }

    private static void folders(CpioArchiveOutputStream cpio, String file, Set<String> known) throws IOException {
        for (int slash = file.indexOf('/'); slash > 0; slash = file.indexOf('/', slash + 1)) {
            String folder = file.substring(0, slash);
            if (known.add(folder)) {
                put(cpio, folder, CpioConstants.C_ISDIR | 0755, new byte[0]);
            }
        }
    }

    private static void put(CpioArchiveOutputStream cpio, String name, int mode, byte[] content) throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(name, content.length);
        entry.setMode(mode);
        cpio.putArchiveEntry(entry);
        cpio.write(content);
        cpio.closeArchiveEntry();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the lab has no part " + name);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            in.transferTo(bytes);
            return bytes.toByteArray();
        }
    }
}
