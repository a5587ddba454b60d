package io.skerry.spec;

import java.util.regex.Pattern;

/** Names that people give to things, checked at the door. */
public final class Names {
    /** One component of an OCI repository name (distribution specification), so that a service's name can be one. */
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*");

    private Names() {}

    /**
     * The name, if it can stand in an image repository's path, a file name and a host name's label.
     *
     * @param what what is being named, for the message: "A service"
     * @throws ProblemException {@code name.malformed}
     */
    public static String checked(String what, String name) {
        if (name.length() > 63 || !COMPONENT.matcher(name).matches()) {
            throw new Problem(
                            "name.malformed",
                            what + " can't be named '" + Text.shortened(name, 70) + "'.",
                            "Use 1 to 63 lower-case letters and digits, with single dots, dashes or underscores between"
                                    + " them.")
                    .asException();
        }
        return name;
    }
}
