package io.skerry.cli.api;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which version an instance follows.
 *
 * @param value {@code version:N} or {@code disabled}; empty for the latest
 */
public record VersionSelector(Optional<String> value) {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    public static final VersionSelector LATEST = new VersionSelector(Optional.empty());

    /**
     * Reads {@code latest}, a version's number (also as {@code version:N}) or {@code disabled}.
     *
     * @throws io.skerry.spec.ProblemException {@code usage.version}
     */
    public static VersionSelector parse(String text) {
        String number = text.startsWith("version:") ? text.substring("version:".length()) : text;
        if (NUMBER.matcher(number).matches()) {
            return new VersionSelector(Optional.of("version:" + number));
        }
        return switch (text) {
            case "latest" -> LATEST;
            case "disabled" -> new VersionSelector(Optional.of(text));
            default ->
                throw new Problem(
                                "usage.version",
                                "'" + Text.shortened(text, 40) + "' is not a choice of version.",
                                "Write latest, a version's number, or disabled.")
                        .asException();
        };
    }

    /** For people: {@code latest}, {@code 3} or {@code disabled}. */
    public static String brief(Optional<String> selector) {
        return selector.map(s -> s.replaceFirst("^version:", "")).orElse("latest");
    }

    Map<String, @Nullable String> variables() {
        return Collections.singletonMap("value", value.orElse(null));
    }
}
