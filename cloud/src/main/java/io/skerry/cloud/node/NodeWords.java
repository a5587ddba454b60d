package io.skerry.cloud.node;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Map;
import java.util.regex.Pattern;

/** What labels and attributes of nodes may be: labels select, so they are short and plain; attributes are for people. */
public final class NodeWords {
    private static final int MOST = 64;
    private static final int LONGEST_ATTRIBUTE = 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");

    private NodeWords() {}

    /**
     * The labels, if a node can have them.
     *
     * @throws io.skerry.spec.ProblemException {@code node.label-malformed}, {@code node.too-many}
     */
    public static Map<String, String> labels(Map<String, String> labels) {
        refuseTooMany("labels", labels);
        labels.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || !LABEL.matcher(value).matches()) {
                throw new Problem(
                                "node.label-malformed",
                                "A node can't have the label '" + Text.shortened(name + "=" + value, 80) + "'.",
                                "Use 1 to 63 letters, digits, dots, dashes and underscores (slashes in the name only), with a"
                                        + " letter or digit at both ends; the value may be empty.")
                        .asException();
            }
        });
        return labels;
    }

    /** @throws io.skerry.spec.ProblemException {@code node.attribute-malformed}, {@code node.too-many} */
    static Map<String, String> attributes(Map<String, String> attributes) {
        refuseTooMany("attributes", attributes);
        attributes.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || value.length() > LONGEST_ATTRIBUTE || value.indexOf('\0') >= 0) {
                throw new Problem(
                                "node.attribute-malformed",
                                "A node can't have the attribute '" + Text.shortened(name, 80) + "' of this value.",
                                "Name it by 1 to 63 letters, digits, dots, dashes, slashes and underscores, and give it at most "
                                        + LONGEST_ATTRIBUTE + " characters.")
                        .asException();
            }
        });
        return attributes;
    }

    private static void refuseTooMany(String what, Map<String, String> words) {
        if (words.size() > MOST) {
            throw new Problem(
                            "node.too-many",
                            "A node can't have " + words.size() + " " + what + ".",
                            "Give at most " + MOST + ".")
                    .asException();
        }
    }
}
