package io.skerry.content.unpack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes tar archives as image builders do, and as they never would. */
final class Tars {
    static final Instant TIME = Instant.parse("2024-02-03T04:05:06Z");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

    Tars() {
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        out.setAddPaxHeadersForNonAsciiNames(true);
    }

    Tars folder(String name) {
        return entry(name.endsWith("/") ? name : name + "/", TarConstants.LF_DIR, e -> e.setMode(0755), "");
    }

    Tars file(String name, String content) {
        return file(name, content, e -> {});
    }

    Tars file(String name, String content, Consumer<TarArchiveEntry> more) {
        return entry(name, TarConstants.LF_NORMAL, more, content);
    }

    Tars symlink(String name, String target) {
        return entry(name, TarConstants.LF_SYMLINK, e -> e.setLinkName(target), "");
    }

    Tars link(String name, String target) {
        return entry(name, TarConstants.LF_LINK, e -> e.setLinkName(target), "");
    }

    Tars node(String name, byte type, int major, int minor) {
        return entry(
                name,
                type,
                e -> {
                    e.setDevMajor(major);
                    e.setDevMinor(minor);
                },
                "");
    }

    Tars entry(String name, byte type, Consumer<TarArchiveEntry> more, String content) {
        try {
            byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setSize(data.length);
            entry.setMode(0644);
            entry.setLastModifiedTime(FileTime.from(TIME));
            more.accept(entry);
            out.putArchiveEntry(entry);
            out.write(data);
            out.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        try {
            out.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
