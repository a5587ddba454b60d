package io.skerry.lab;

import java.util.Locale;

/** What a version of the sample image does wrong. */
public enum Breakage {
    /** Nothing: it serves its page. */
    NONE,
    /** It ends at once with exit code 3. */
    EXITS,
    /** It runs, and nobody answers on its port. */
    UNHEALTHY,
    /** It serves its page for three seconds and then takes more memory than it may have. */
    HUNGRY,
    /** It serves its page for three seconds, ends with exit code 1, and so again after each start. */
    CRASH_LOOP;

    /** As people write it: {@code crash-loop}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
