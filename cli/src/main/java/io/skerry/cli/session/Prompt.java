package io.skerry.cli.session;

import java.util.Optional;

/** Asks the person at the terminal. */
public interface Prompt {
    /** What was typed, without it being shown; empty when nobody can be asked. */
    Optional<String> secret(String question);

    /** Whether the answer was yes; empty when nobody can be asked. */
    Optional<Boolean> confirmed(String question);
}
