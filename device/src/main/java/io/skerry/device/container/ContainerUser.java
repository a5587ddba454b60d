package io.skerry.device.container;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * As whom a container's program runs.
 *
 * @param additionalGroups with {@code gid} among them: a program that only dropped it from there would gain what is
 *     forbidden to that group (CVE-2022-36109)
 */
record ContainerUser(int uid, int gid, List<Integer> additionalGroups) {
    static final ContainerUser ROOT = new ContainerUser(0, 0, List.of(0));

    ContainerUser {
        additionalGroups = List.copyOf(additionalGroups);
    }

    /**
     * Resolves an image's {@code User} as Docker does: {@code user}, {@code uid}, either with {@code :group} or {@code :gid}. A
     * user's supplementary groups count only when no group is written.
     *
     * @param passwd the lines of the image's {@code /etc/passwd}
     * @param group the lines of the image's {@code /etc/group}
     * @throws ProblemException {@code container.unknown-user}
     */
    static ContainerUser of(String written, List<String> passwd, List<String> group) {
        if (written.isEmpty()) {
            return ROOT;
        }
        int colon = written.indexOf(':');
        String userPart = colon < 0 ? written : written.substring(0, colon);
        String groupPart = colon < 0 ? "" : written.substring(colon + 1);

        OptionalInt numeric = number(userPart);
        String name = userPart.isEmpty() ? "root" : userPart;
        OptionalInt uid = numeric.isPresent() ? numeric : OptionalInt.empty();
        int gid = 0;
        for (String line : passwd) {
            String[] fields = line.split(":", -1);
            if (fields.length < 4
                    || number(fields[2]).isEmpty()
                    || number(fields[3]).isEmpty()) {
                continue;
            }
            int lineUid = number(fields[2]).getAsInt();
            if (fields[0].equals(name) || (numeric.isPresent() && numeric.getAsInt() == lineUid)) {
                name = fields[0];
                uid = OptionalInt.of(lineUid);
                gid = number(fields[3]).getAsInt();
                break;
            }
        }
        if (uid.isEmpty() && name.equals("root")) {
            uid = OptionalInt.of(0);
        }
        if (uid.isEmpty()) {
            throw unknown("user", userPart, "/etc/passwd");
        }
        if (!groupPart.isEmpty()) {
            int chosen = gidOf(groupPart, group);
            return new ContainerUser(uid.getAsInt(), chosen, List.of(chosen));
        }
        return new ContainerUser(uid.getAsInt(), gid, supplementary(name, gid, group));
    }

    private static int gidOf(String written, List<String> group) {
        for (String line : group) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 3
                    && fields[0].equals(written)
                    && number(fields[2]).isPresent()) {
                return number(fields[2]).getAsInt();
            }
        }
        return number(written).orElseThrow(() -> unknown("group", written, "/etc/group"));
    }

    private static List<Integer> supplementary(String user, int gid, List<String> group) {
        List<Integer> groups = new ArrayList<>(List.of(gid));
        for (String line : group) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 4 && List.of(fields[3].split(",")).contains(user)) {
                number(fields[2]).ifPresent(g -> {
                    if (!groups.contains(g) && groups.size() < 64) {
                        groups.add(g);
                    }
                });
            }
        }
        return groups;
    }

    private static OptionalInt number(String text) {
        try {
            int value = Integer.parseInt(text);
            return value >= 0 ? OptionalInt.of(value) : OptionalInt.empty();
        } catch (NumberFormatException _) {
            return OptionalInt.empty();
        }
    }

    private static ProblemException unknown(String what, String name, String file) {
        return new Problem(
                        "container.unknown-user",
                        "The image wants to run as " + what + " '" + Text.shortened(name, 60) + "', which its " + file
                                + " doesn't know.",
                        "Add the " + what + " to the image, or write its number.")
                .asException();
    }
}
