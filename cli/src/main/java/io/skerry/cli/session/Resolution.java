package io.skerry.cli.session;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the one thing that a person meant. */
final class Resolution {
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Resolution() {}

    /** Whether a text has the form of an id (UUID), which no name needs to be asked for. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * The one with this id, else the one with this name.
     *
     * @param kind what is looked for, in one word
     * @throws io.skerry.spec.ProblemException {@code <kind>.not-found} with names that are near, or {@code usage.ambiguous}
     */
    static <T> T one(String kind, String wanted, List<T> candidates, Function<T, String> id, Function<T, String> name) {
        Optional<T> byId =
                candidates.stream().filter(c -> id.apply(c).equals(wanted)).findFirst();
        if (byId.isPresent()) {
            return byId.get();
        }
        List<T> byName =
                candidates.stream().filter(c -> name.apply(c).equals(wanted)).toList();
        return switch (byName.size()) {
            case 1 -> byName.getFirst();
            case 0 ->
                throw notFound(kind, wanted, candidates.stream().map(name).toList())
                        .asException();
            default ->
                throw new Problem(
                                "usage.ambiguous",
                                "'" + Text.shortened(wanted, 80) + "' names " + byName.size() + " " + kind + "s: "
                                        + byName.stream().map(id).limit(5).collect(Collectors.joining(", "))
                                        + ".",
                                "Use the id.")
                        .asException();
        };
    }

    static Problem notFound(String kind, String wanted, List<String> names) {
        List<String> near = names.stream()
                .distinct()
                .filter(n -> distance(n, wanted) <= Math.max(2, wanted.length() / 3) || n.startsWith(wanted))
                .sorted(Comparator.comparingInt(n -> distance(n, wanted)))
                .limit(3)
                .toList();
        return new Problem(
                kind + ".not-found",
                "There is no " + kind + " '" + Text.shortened(wanted, 80) + "'.",
                near.isEmpty() ? "See skerry " + kind + " ls." : "Did you mean " + String.join(" or ", near) + "?");
    }

    /** Levenshtein's. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
