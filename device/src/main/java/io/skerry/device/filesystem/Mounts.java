package io.skerry.device.filesystem;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is mounted where this daemon runs (proc(5), {@code mountinfo}). */
public final class Mounts {
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

    private final HostCommands commands;
    private final Path mountInfo;

    public Mounts(HostCommands commands) {
        this(commands, Path.of("/proc/self/mountinfo"));
    }

    Mounts(HostCommands commands, Path mountInfo) {
        this.commands = commands;
        this.mountInfo = mountInfo;
    }

    /**
     * One mount.
     *
     * @param root what of the file system is mounted, as the kernel names it
     * @param at where, without symbolic links
     * @param type the file system's type
     */
    public record Mount(String root, Path at, String type) {}

    /** What is mounted at a folder or file: the topmost, when there are several. */
    public Optional<Mount> at(Path place) {
        Path real = real(place);
        return all().filter(m -> m.at().equals(real)).reduce((_, later) -> later);
    }

    /** What is mounted at this place or below it, in the order in which it was mounted. */
    public List<Mount> under(Path place) {
        Path real = real(place);
        return all().filter(m -> m.at().startsWith(real)).toList();
    }

    /**
     * Unmounts what is mounted at a place, all of it; lazily when somebody still looks into it. Nothing to do is no error. Done
     * also when the thread is interrupted, because a mount that stays would be in the way.
     *
     * @throws ProblemException {@code host.…}
     */
    public void unmount(Path place) {
        boolean interrupted = Thread.interrupted();
        try {
            String target = real(place).toString();
            for (long left = under(place).stream()
                            .filter(m -> m.at().toString().equals(target))
                            .count();
                    left > 0;
                    left--) {
                if (!commands.run(HostCommand.of("umount", target)).succeeded()) {
                    commands.run(HostCommand.of("umount", "-l", target)).orFail();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether an overlay is mounted of which a folder of this name, as it was called then, is a lower one. */
    public boolean hasOverlayOn(String lower) {
        Pattern named = Pattern.compile("[,:=/]" + Pattern.quote(lower) + "[,: ]");
        return lines().anyMatch(
                        l -> l.contains(" - overlay ") && named.matcher(l + " ").find());
    }

    private Stream<Mount> all() {
        return lines().flatMap(l -> parse(l).stream());
    }

    private Stream<String> lines() {
        try {
            // The kernel writes paths as bytes.
            return Files.readAllLines(mountInfo, StandardCharsets.ISO_8859_1).stream();
        } catch (IOException e) {
            throw DurableFiles.failed("read", mountInfo, e);
        }
    }

    private static Optional<Mount> parse(String line) {
        String[] fields = line.split(" ", -1);
        int end = List.of(fields).indexOf("-");
        return fields.length < 6 || end < 0 || end + 1 >= fields.length
                ? Optional.empty()
                : Optional.of(new Mount(unescaped(fields[3]), Path.of(unescaped(fields[4])), fields[end + 1]));
    }

    private static String unescaped(String field) {
        String bytes = ESCAPED.matcher(field).replaceAll(Mounts::character);
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String character(MatchResult escape) {
        return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 8)));
    }

    /** The kernel knows places by their names without symbolic links. */
    private static Path real(Path place) {
        Path absolute = place.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        try {
            return parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            // Where there is no such folder nothing is mounted.
            return absolute;
        }
    }
}
