package io.skerry.cloud.tenancy;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a caller may do with the things that it may see; each role may do what those before it may. */
public enum Role {
    /** Looks. */
    VIEWER,
    /** Imports services and says which versions run where, as a build does. */
    DEPLOYER,
    /** Has devices join and leave, groups them, and looks into what runs on them. */
    OPERATOR,
    /** Gives others access, and reads who did what. */
    ADMIN;

    /** As documents and the fleet API write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws io.skerry.spec.ProblemException {@code role.unknown} */
    public static Role of(String word) {
        return Arrays.stream(values())
                .filter(r -> r.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new Problem(
                                "role.unknown",
                                "There is no role '" + Text.shortened(word, 40) + "'.",
                                "Use one of "
                                        + Arrays.stream(values())
                                                .map(Role::word)
                                                .collect(Collectors.joining(", "))
                                        + ".")
                        .asException());
    }

    /** Whether whoever has this role may do what that one may. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
