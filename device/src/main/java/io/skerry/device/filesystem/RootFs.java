package io.skerry.device.filesystem;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A container's root as seen from outside while nothing runs in it: paths are resolved as if it were {@code /}, so that no
 * symbolic link of an image leads to a file of the device.
 */
public record RootFs(Path root) {
    private static final int MOST_LINKS = 40;
    private static final int MOST_BYTES = 1 << 20;

    /**
     * Where a path of the container is on the device. What doesn't exist is taken as it is written.
     *
     * @throws ProblemException {@code image.links} when symbolic links lead in a circle
     */
    public Path resolve(String inside) {
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(inside.split("/")));
        Path at = root;
        int links = 0;
        while (!rest.isEmpty()) {
            String part = rest.pop();
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                at = at.equals(root) ? root : at.resolve("..").normalize();
                continue;
            }
            Path next = at.resolve(part);
            if (!Files.isSymbolicLink(next)) {
                at = next;
                continue;
            }
            if (++links > MOST_LINKS) {
                throw new Problem("image.links", "The image's path '" + inside + "' leads in a circle.").asException();
            }
            String target = readLink(next);
            if (target.startsWith("/")) {
                at = root;
            }
            List<String> parts = Arrays.asList(target.split("/"));
            parts.reversed().forEach(rest::push);
        }
        return at;
    }

    /** The lines of a small text file of the container; none when there is no such regular file. */
    public List<String> lines(String inside) {
        Path file = resolve(inside);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new Problem("image.unreadable", "The image's file '" + inside + "' can't be read.").asException(e);
        }
    }

    private static String readLink(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new Problem("image.unreadable", "The image's link '" + link.getFileName() + "' can't be read.")
                    .asException(e);
        }
    }
}
