package io.skerry.cli.service;

import io.skerry.cli.api.ImportInput.Check;
import io.skerry.cli.api.ImportInput.Source;
import io.skerry.cli.api.Variable;
import io.skerry.cli.api.Volume;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what is written in an import's options. Each method throws {@code usage.<option>} naming what would be right. */
final class Arguments {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,7})(s|m|h)?");
    private static final Pattern HTTP = Pattern.compile("([0-9]{1,5})(/\\S*)?");
    private static final List<String> CARES = List.of("shareable", "snapshot");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private Arguments() {}

    /** {@code ARCH=REFERENCE}. */
    static Source source(String text) {
        int sign = text.indexOf('=');
        if (sign <= 0 || sign == text.length() - 1) {
            throw wrong("image", text, "Write it as ARCH=REFERENCE, like arm64=registry.example/edge/web:1.");
        }
        return new Source(Architecture.of(text.substring(0, sign)).word(), text.substring(sign + 1));
    }

    /** {@code SOURCE:TARGET}, and behind a further colon {@code shareable}, {@code snapshot} or both with a comma. */
    static Volume volume(String text) {
        List<String> parts = List.of(text.split(":", -1));
        if (parts.size() < 2 || parts.getFirst().isEmpty() || !parts.get(1).startsWith("/")) {
            throw wrong("volume", text, "Write it as NAME:PATH with an absolute path, like data:/var/lib/web.");
        }
        List<String> cares =
                parts.size() == 2 ? List.of() : List.of(parts.get(2).split(",", -1));
        if (parts.size() > 3 || !CARES.containsAll(cares)) {
            throw wrong(
                    "volume",
                    text,
                    "Behind the path there can be shareable, snapshot or both, like data:/var/lib/web:shareable,snapshot.");
        }
        return new Volume(parts.getFirst(), parts.get(1), cares.contains("shareable"), cares.contains("snapshot"));
    }

    /** {@code NAME=VALUE}; the value may be empty. The value may be a secret, so that it is not repeated in the refusal. */
    static Variable variable(String text) {
        int sign = text.indexOf('=');
        if (sign <= 0 || !VARIABLE.matcher(text.substring(0, sign)).matches()) {
            throw wrong("env", sign < 0 ? "…" : text.substring(0, sign) + "=…", "Write it as NAME=VALUE.");
        }
        return new Variable(text.substring(0, sign), text.substring(sign + 1));
    }

    /** One {@link #variable} a line; empty lines and those that begin with # are passed over. */
    static List<Variable> variables(String file) {
        List<Variable> variables = new ArrayList<>();
        file.lines()
                .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
                .forEach(line -> variables.add(variable(line)));
        return variables;
    }

    /** A number of seconds, also as {@code 30s}, {@code 5m} or {@code 2h}. */
    static int seconds(String option, String text) {
        Matcher m = DURATION.matcher(text);
        if (!m.matches()) {
            throw wrong(option, text, "Write a number of seconds, or like 30s, 5m, 2h.");
        }
        long amount = Long.parseLong(m.group(1));
        long seconds = switch (m.group(2) == null ? "s" : m.group(2)) {
            case "m" -> amount * 60;
            case "h" -> amount * 3600;
            default -> amount;
        };
        if (seconds > Integer.MAX_VALUE) {
            throw wrong(option, text, "That is too long.");
        }
        return (int) seconds;
    }

    /** {@code PORT} or {@code PORT/path}. */
    static Check http(String text) {
        Matcher m = HTTP.matcher(text);
        if (!m.matches()) {
            throw wrong("health-http", text, "Write it as PORT or PORT/PATH, like 8080/healthz.");
        }
        return new Check.Http(port("health-http", m.group(1)), m.group(2) == null ? "/" : m.group(2));
    }

    static Check tcp(String text) {
        return new Check.Tcp(port("health-tcp", text));
    }

    static Check exec(String text) {
        return new Check.Exec(shell(text));
    }

    /** A command line for the container's shell. */
    static List<String> shell(String text) {
        if (text.isBlank()) {
            throw new Problem("usage.command", "A command is empty.", "Say what is to be run, or leave the option out.")
                    .asException();
        }
        return List.of("/bin/sh", "-c", text);
    }

    /** The API's word for a restart policy. */
    static String restart(String text) {
        return choice("restart", text, "always", "on-failure", "unless-stopped", "no");
    }

    /** The API's word for a status goal, which may be written in small letters. */
    static String goal(String text) {
        return choice("goal", text.toUpperCase(Locale.ROOT), "MOUNTED", "STARTED", "READY");
    }

    static String updateScope(String text) {
        return choice("update-scope", text, "container", "system");
    }

    static String exhausted(String text) {
        return choice("exhausted", text, "reboot", "give-up", "pause");
    }

    static String strategy(String text) {
        return choice("strategy", text, "stop-then-start", "start-then-stop", "hand-over");
    }

    /** The API's field for the name of a setting that is to be taken away. */
    static String without(String text) {
        String setting = choice(
                "without", text, "health", "group", "goal", "goal-time", "update-scope", "after", "recovery", "update");
        return switch (setting) {
            case "goal" -> "status_goal";
            case "goal_time" -> "goal_seconds";
            default -> setting;
        };
    }

    /** One of these words, as the API writes it: an enum's value can't have a dash in GraphQL. */
    private static String choice(String option, String text, String... words) {
        List<String> all = List.of(words);
        String word = text.replace('_', '-');
        if (!all.contains(word)) {
            throw wrong(
                    option,
                    text,
                    "Write " + String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast() + ".");
        }
        return word.replace('-', '_');
    }

    private static int port(String option, String text) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        }
        throw wrong(option, text, "A port is a number from 1 to 65535.");
    }

    private static ProblemException wrong(String option, String text, String remedy) {
        return new Problem(
                        "usage." + option,
                        "--" + option + " '" + Text.shortened(text, 100) + "' can't be read.",
                        remedy)
                .asException();
    }
}
