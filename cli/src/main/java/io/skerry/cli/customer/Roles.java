package io.skerry.cli.customer;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.List;

/** The roles that there are. */
final class Roles {
    static final String MEANING =
            "viewer (the default) looks; deployer imports services and says which versions run where; operator has"
                    + " devices join and leave, groups them and reads their logs; admin gives others access and reads who did"
                    + " what. Each may do what those before it may.";

    private static final List<String> ALL = List.of("viewer", "deployer", "operator", "admin");

    private Roles() {}

    /** @throws io.skerry.spec.ProblemException {@code usage.role} */
    static void check(String role) {
        if (!ALL.contains(role)) {
            throw new Problem(
                            "usage.role",
                            "There is no role '" + Text.shortened(role, 40) + "'.",
                            "Use one of " + String.join(", ", ALL) + ".")
                    .asException();
        }
    }
}
