package io.skerry.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds processes by what they were started with. So nothing need be written down about what runs, and a lab that was killed
 * at any moment finds all that it started.
 */
public final class Processes {
    /**
     * The processes of a program that were started with a path as an argument.
     *
     * @param program one of its arguments is this, or a path that ends in it
     * @param about an absolute path; an argument is this or lies below it
     */
    public List<RunningProcess> of(String program, Path about) {
        List<RunningProcess> found = new ArrayList<>();
        long self = ProcessHandle.current().pid();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            all.map(p -> p.getFileName().toString())
                    .filter(n -> n.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .filter(pid -> pid != self && isFor(arguments(pid), program, about.toString()))
                    .map(RunningProcess::of)
                    .flatMap(Optional::stream)
                    .forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
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

    private static List<String> arguments(long pid) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }
}
