package io.skerry.cloud.desired;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which version of its service an instance follows (seed 002, "Version Pinning"). */
public sealed interface Selector {
    /** The selector of the API's null. */
    Selector LATEST = new Latest();

    /** As it stands in {@code instances.selector}; empty for the latest, which is null there. */
    Optional<String> stored();

    /**
     * {@code version:N} or {@code disabled}.
     *
     * @throws io.skerry.spec.ProblemException {@code selector.malformed}
     */
    static Selector parse(String text) {
        if (text.equals("disabled")) {
            return new Disabled();
        }
        Matcher pinned = Pattern.compile("version:([1-9][0-9]{0,8})").matcher(text);
        if (pinned.matches()) {
            return new Pinned(Long.parseLong(pinned.group(1)));
        }
        throw new Problem(
                        "selector.malformed",
                        "'" + Text.shortened(text, 60) + "' doesn't select a version.",
                        "Write null for the latest, version:N for version N, or disabled.")
                .asException();
    }

    /** Always the newest. */
    record Latest() implements Selector {
        @Override
        public Optional<String> stored() {
            return Optional.empty();
        }
    }

    /** This one. */
    record Pinned(long version) implements Selector {
        @Override
        public Optional<String> stored() {
            return Optional.of("version:" + version);
        }
    }

    /** Whatever runs now, unattended: {@code instances.held_version}. */
    record Disabled() implements Selector {
        @Override
        public Optional<String> stored() {
            return Optional.of("disabled");
        }
    }
}
