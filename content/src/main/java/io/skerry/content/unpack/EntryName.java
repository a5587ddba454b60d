package io.skerry.content.unpack;

import io.skerry.spec.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The path of an entry within its layer, from the layer's root whether it was written so or not.
 *
 * @param parts of the path; none for the root itself; never empty, {@code .} or {@code ..}
 */
record EntryName(List<String> parts) {
    private static final int LONGEST_PATH = 4096;
    private static final int LONGEST_PART = 255;

    /** @throws io.skerry.spec.ProblemException {@code image.corrupt} */
    static EntryName parse(String written) {
        if (written.length() > LONGEST_PATH) {
            throw LayerProblems.corrupt("a path in it is longer than " + LONGEST_PATH + " characters");
        }
        if (written.indexOf('\0') >= 0 || written.indexOf('\uFFFD') >= 0) {
            throw LayerProblems.corrupt("the path '" + shown(written) + "' in it is not UTF-8 text");
        }
        List<String> parts = Arrays.stream(written.split("/"))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
        for (String part : parts) {
            if (part.equals("..")) {
                throw LayerProblems.corrupt("the path '" + shown(written) + "' in it leads out of the layer");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
                throw LayerProblems.corrupt("a name in it is longer than " + LONGEST_PART + " bytes");
            }
        }
        return new EntryName(parts);
    }

    boolean isRoot() {
        return parts.isEmpty();
    }

    List<String> parent() {
        return parts.subList(0, parts.size() - 1);
    }

    String last() {
        return parts.getLast();
    }

    EntryName sibling(String name) {
        return parse(String.join("/", parent()) + "/" + name);
    }

    @Override
    public String toString() {
        return "/" + shown(String.join("/", parts));
    }

    private static String shown(String path) {
        return Text.shortened(path, 120);
    }
}
