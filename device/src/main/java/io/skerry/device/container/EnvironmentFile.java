package io.skerry.device.container;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code /host/lxc.env}: a service's variables as assignments that any POSIX shell can source. */
final class EnvironmentFile {
    private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private EnvironmentFile() {}

    /**
     * One assignment a variable, its value in single quotes. A variable whose name no shell can assign is left out here; the
     * container's processes still have it.
     */
    static String of(Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) -> {
            if (SHELL_NAME.matcher(name).matches()) {
                text.append(name)
                        .append("='")
                        .append(value.replace("'", "'\\''"))
                        .append("'\n");
            }
        });
        return text.toString();
    }

    /** @throws ProblemException {@code container.environment} when a name or value can't stand in a process's environment */
    static void check(Map<String, String> variables) {
        variables.forEach((name, value) -> {
            if (name.isEmpty() || name.contains("=") || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                // The value may be a secret; the name may not be shown either when it holds what was meant as a value.
                throw new Problem(
                                "container.environment",
                                "The environment variable '"
                                        + Text.shortened(name.split("=", 2)[0], 60)
                                        + "' has a name or value that no process can have.",
                                "Use a name without '=', and no NUL characters.")
                        .asException();
            }
        });
    }
}
