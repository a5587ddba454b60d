package io.skerry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.skerry.cli.output.Terminal;
import io.skerry.cli.output.View;
import io.skerry.cli.session.Browser;
import io.skerry.cli.session.Prompt;
import io.skerry.cli.session.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A person (or a script) who types commands, with a clock that only their waiting moves. */
final class Operator implements Prompt {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Path settings;
    private final Map<String, String> environment = new HashMap<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private boolean atTerminal;
    private String input = "";
    private Optional<String> typed = Optional.empty();
    private boolean agrees = true;
    private Browser browser = address -> {};

    /** What came of a command. */
    record Result(int code, String out, String err) {}

    Operator(Path settings) {
        this.settings = settings;
    }

    /** Works with this cloud by the environment's variables. */
    static Operator of(FakeCloud cloud, Path settings) {
        return new Operator(settings).with("SKERRY_URL", cloud.url()).with("SKERRY_API_KEY", FakeCloud.KEY);
    }

    Operator with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Operator atTerminal() {
        atTerminal = true;
        return this;
    }

    Operator piping(String text) {
        input = text;
        return this;
    }

    Operator typing(String secret) {
        typed = Optional.of(secret);
        return this;
    }

    Operator browsing(Browser with) {
        browser = with;
        return this;
    }

    Operator refusing() {
        agrees = false;
        return this;
    }

    Result runs(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                atTerminal,
                atTerminal,
                atTerminal ? 100 : View.UNLIMITED,
                30);
        int code = SkerryCommand.run(
                new Surroundings(
                        terminal,
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        environment,
                        settings,
                        this,
                        now::get,
                        this::waits,
                        browser),
                arguments);
        return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private void waits(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
        // A breath of real time, so that what runs beside in another thread gets on.
        java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }

    @Override
    public Optional<String> secret(String question) {
        return typed;
    }

    @Override
    public Optional<Boolean> confirmed(String question) {
        return Optional.of(agrees);
    }
}
