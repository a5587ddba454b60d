package io.skerry.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What is mounted below a folder. */
public final class Mounts {
    private final HostTools tools;

    public Mounts(HostTools tools) {
        this.tools = tools;
    }

    /** The mount points below a folder, those mounted last first. */
    public List<Path> below(Path folder) {
        try {
            return below(folder, Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> below(Path folder, String mountinfo) {
        List<Path> found = new ArrayList<>();
        mountinfo.lines().forEach(line -> {
            String[] fields = line.split(" ", -1);
            if (fields.length > 4) {
                Path point = Path.of(unescaped(fields[4]));
                if (point.startsWith(folder)) {
                    found.add(point);
                }
            }
        });
        Collections.reverse(found);
        return List.copyOf(found);
    }

    /** Spaces and the like stand in mountinfo as a backslash and three octal digits. */
    private static String unescaped(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Unmounts all that is mounted below a folder; busy ones are detached and go when their last user does. */
    public void removeBelow(Path folder) {
        for (Path point : below(folder)) {
            if (!tools.attempt("umount", point.toString()).succeeded()) {
                tools.run("umount", "--lazy", point.toString());
            }
        }
    }
}
