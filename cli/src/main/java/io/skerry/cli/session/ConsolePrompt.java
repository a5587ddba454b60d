package io.skerry.cli.session;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/** Asks at the process's own terminal. */
final class ConsolePrompt implements Prompt {
    @Override
    public Optional<String> secret(String question) {
        return console().map(c -> c.readPassword("%s ", question)).map(String::new);
    }

    @Override
    public Optional<Boolean> confirmed(String question) {
        return console()
                .map(c -> c.readLine("%s [y/N] ", question))
                .map(answer -> answer.strip().toLowerCase(Locale.ROOT))
                .map(answer -> answer.equals("y") || answer.equals("yes"));
    }

    private static Optional<Console> console() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }
}
