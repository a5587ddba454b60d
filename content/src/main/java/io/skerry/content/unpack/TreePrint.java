package io.skerry.content.unpack;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A short print of an unpacked layer, by which one sees later whether its files are still what they were: names, kinds, owners,
 * modes, sizes, where links lead and what files hold. Against a disk that forgets, not against somebody who forges: files are
 * summed by CRC-32C, which costs little on any processor. The order in which a file system tells names doesn't matter.
 */
public final class TreePrint {
    private static final int BUFFER = 128 * 1024;

    private final Path root;
    private final MessageDigest hash = Digest.sha256();
    private final byte[] buffer = new byte[BUFFER];
    private long sum;

    private TreePrint(Path root) {
        this.root = root;
    }

    /**
     * Reads a whole tree.
     *
     * @return 16 hexadecimal digits
     * @throws ProblemException {@code disk.failed} when something can't be read, {@code disk.interrupted}
     */
    public static String of(Path folder) {
        TreePrint print = new TreePrint(folder);
        try {
            Files.walkFileTree(folder, print.new Visitor());
        } catch (IOException e) {
            throw DurableFiles.failed("read", folder, e);
        }
        return HexFormat.of().toHexDigits(print.sum);
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
            add(visited, "folder");
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            if (attributes.isSymbolicLink()) {
                add(file, "link " + Files.readSymbolicLink(file));
            } else if (attributes.isRegularFile()) {
                add(file, "file " + attributes.size() + " " + content(file));
            } else {
                add(file, "node " + Files.getAttribute(file, "unix:rdev", LinkOption.NOFOLLOW_LINKS));
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /** Sums don't know an order, so nothing needs to be sorted and so held in memory. */
    private void add(Path path, String what) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
        String line = root.relativize(path) + "\0" + attributes.get("mode") + " " + attributes.get("uid") + " "
                + attributes.get("gid") + " " + what;
        sum += ByteBuffer.wrap(hash.digest(line.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private long content(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
            }
        }
        return crc.getValue();
    }
}
