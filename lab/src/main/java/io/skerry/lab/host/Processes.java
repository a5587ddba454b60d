package io.skerry.lab.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds processes by what they were started with. So nothing need be written down about what runs, and a lab that was killed
 * at any moment finds all that it started.
 */
public final class Processes {
    /** So often a process that is becoming another program is looked at again, a millisecond apart. */
    private static final int MOST_LOOKS = 20;

    private static final int MOST_BYTES = 128 << 10;

    /**
     * The processes of a program that were started with a path as an argument.
     *
     * @param program one of its arguments is this, or a path that ends in it
     * @param about an absolute path; an argument is this or lies below it
     */
    public List<RunningProcess> of(String program, Path about) {
        return of(List.of(program), about);
    }

    /**
     * The processes of some programs, those of the first one first. Asked for at once, since one that becomes the other meanwhile
     * would be found as neither.
     *
     * @param about as above
     */
    public List<RunningProcess> of(List<String> programs, Path about) {
        record Found(int program, RunningProcess process) {}
        long self = ProcessHandle.current().pid();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(p -> p.getFileName().toString())
                    .filter(n -> n.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .filter(pid -> pid != self)
                    .flatMap(pid -> {
                        List<String> arguments = arguments(pid);
                        return IntStream.range(0, programs.size())
                                .filter(i -> isFor(arguments, programs.get(i), about.toString()))
                                .boxed()
                                .findFirst()
                                .flatMap(i -> RunningProcess.of(pid).map(p -> new Found(i, p)))
                                .stream();
                    })
                    .sorted(Comparator.comparingInt(Found::program))
                    .map(Found::process)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a process was started with this path, or one below it, anywhere in its arguments. */
    public boolean uses(RunningProcess process, Path path) {
        return mentions(arguments(process.pid()), path.toString());
    }

    /** Whether any process was started with this path, or one below it, anywhere in its arguments. */
    public boolean inUse(Path path) {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .anyMatch(p -> p.pid() != self && mentions(arguments(p.pid()), path.toString()));
    }

    private static boolean mentions(List<String> arguments, String path) {
        return arguments.stream().anyMatch(a -> a.endsWith(path) || a.contains(path + "/"));
    }

    static boolean isFor(List<String> arguments, String program, String about) {
        return arguments.stream().anyMatch(a -> a.equals(program) || a.endsWith("/" + program))
                && arguments.stream().anyMatch(a -> a.equals(about) || a.startsWith(about + "/"));
    }

    /** For a moment execve(2) leaves a process without any: what has a program and no arguments is looked at again. */
    private static List<String> arguments(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            List<String> found = read(process);
            for (int looks = 1; found.equals(List.of("")) && looks < MOST_LOOKS; looks++) {
                if (!Files.exists(process.resolve("exe"))) {
                    return List.of();
                }
                Pause.of(Duration.ofMillis(1));
                found = read(process);
            }
            return found;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** By one call to the kernel: between two the process may have become another program. */
    private static List<String> read(Path process) throws IOException {
        byte[] buffer = new byte[MOST_BYTES];
        try (InputStream in = Files.newInputStream(process.resolve("cmdline"))) {
            int length = Math.max(0, in.read(buffer));
            return List.of(new String(buffer, 0, length, StandardCharsets.ISO_8859_1).split("\0", -1));
        }
    }
}
