package io.skerry.cli.session;

import io.skerry.cli.output.Output;
import io.skerry.spec.Problem;
import java.util.Map;

/** What each command works with. The options are filled in before a command runs. */
public final class CommandContext {
    private final Surroundings surroundings;
    private final GlobalOptions options;

    public CommandContext(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    public Surroundings surroundings() {
        return surroundings;
    }

    public GlobalOptions options() {
        return options;
    }

    public Output output() {
        Map<String, String> environment = surroundings.environment();
        // https://no-color.org: present and not empty, whatever its value.
        boolean refused = options.withoutColours()
                || !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Output(
                surroundings.terminal(),
                options.format(),
                surroundings.terminal().interactive() && !refused,
                surroundings.clock());
    }

    /**
     * Asks before something is lost, where somebody sits at a terminal.
     *
     * @param yes whether it was answered already
     * @throws io.skerry.spec.ProblemException {@code usage.not-confirmed}
     */
    public void confirm(boolean yes, String question) {
        if (output().live()
                && !yes
                && !surroundings.prompt().confirmed(question).orElse(false)) {
            throw new Problem("usage.not-confirmed", "Nothing was changed.", "Answer y, or use --yes.").asException();
        }
    }

    /** @throws io.skerry.spec.ProblemException {@code session.none} and the like when nobody is logged in */
    public Session session() {
        return new Logins(surroundings).session(options);
    }

    /** A secret from a file, from the standard input ({@code -}), or asked for. */
    public Secrets secrets() {
        return new Secrets(surroundings);
    }
}
