package io.skerry.device.revision;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.revision.JournalEntry.Mark;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was begun and what was done of one revision, a line each, in {@code journal}; a line that announces what changes the device is
 * on the disk before that happens. A line that a loss of power tore is passed over. The file is begun anew when it is large; the one before
 * is kept. For one thread at a time.
 */
final class Journal {
    static final int MOST_BYTES = 256 << 10;

    private final Path file;

    Journal(Path folder) {
        this.file = folder.resolve("journal");
    }

    /**
     * Notes something.
     *
     * @param durably whether it is to outlive a loss of power at once, and not only together with the next line that is
     * @throws ProblemException {@code disk.…}; then nothing was noted
     */
    void append(JournalEntry entry, boolean durably) {
        byte[] line = (JournalEntry.JSON.toJson(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            boolean fresh = !Files.exists(file);
            if (!fresh && Files.size(file) > MOST_BYTES) {
                Files.move(file, file.resolveSibling("journal.1"), StandardCopyOption.REPLACE_EXISTING);
                fresh = true;
            }
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long end = channel.size();
                try {
                    write(channel, end, separated(channel, end, line));
                    if (durably) {
                        channel.force(false);
                    }
                } catch (IOException e) {
                    channel.truncate(end);
                    throw e;
                }
            }
            if (fresh && durably) {
                DurableFiles.syncDirectory(file.resolveSibling("."));
            }
        } catch (IOException e) {
            throw DurableFiles.failed("write", file, e);
        }
    }

    /** After half a line, a new one begins on a line of its own. */
    private static byte[] separated(FileChannel channel, long end, byte[] line) throws IOException {
        if (end == 0) {
            return line;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, end - 1);
        if (last.get(0) == '\n') {
            return line;
        }
        byte[] separated = new byte[line.length + 1];
        separated[0] = '\n';
        System.arraycopy(line, 0, separated, 1, line.length);
        return separated;
    }

    private static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long position = at;
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
    }

    /** All that can be read, oldest first. */
    List<JournalEntry> entries() {
        List<JournalEntry> entries = new ArrayList<>();
        for (String line : lines()) {
            parsed(line).ifPresent(entries::add);
        }
        return entries;
    }

    private List<String> lines() {
        // Decoded leniently: a torn block may be anything.
        return StateFiles.bytes(file)
                .map(b -> List.of(new String(b, StandardCharsets.UTF_8).split("\n")))
                .orElse(List.of());
    }

    private static Optional<JournalEntry> parsed(String line) {
        try {
            return Optional.of(Wire.read(JournalEntry.JSON, line.getBytes(StandardCharsets.UTF_8), "A line"));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    /** The step that was begun last and neither done nor failed: in which the daemon or the device went down. */
    Optional<JournalEntry> interrupted() {
        List<JournalEntry> all = entries();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()).filter(e -> e.mark() == Mark.BEGUN);
    }

    /** The words of the steps of which this was said on this way in this boot. */
    Set<String> said(Mark mark, Way way, String boot) {
        return entries().stream()
                .filter(e -> e.mark() == mark && e.way() == way && e.boot().equals(boot))
                .map(JournalEntry::step)
                .collect(Collectors.toSet());
    }

    /** Whether the switch to the revision has begun, ever: more than waiting for leave to. */
    boolean switched() {
        return entries().stream().anyMatch(e -> e.way() == Way.FORWARD && e.attempt() > 0);
    }

    /** Whether a reboot that belonged to the revision has happened on this way, by the name of the present boot. */
    boolean rebooted(Way way, String boot) {
        return entries().stream()
                .anyMatch(e -> e.way() == way
                        && e.isReboot()
                        && e.mark() == Mark.BEGUN
                        && !e.boot().equals(boot));
    }
}
