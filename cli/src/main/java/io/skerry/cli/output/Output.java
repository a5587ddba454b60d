package io.skerry.cli.output;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;

/** What a command shows: one JSON document, or lines for people. */
public final class Output {
    private final Terminal terminal;
    private final Format format;
    private final boolean colours;
    private final InstantSource clock;

    public Output(Terminal terminal, Format format, boolean colours, InstantSource clock) {
        this.terminal = terminal;
        this.format = format;
        this.colours = colours;
        this.clock = clock;
    }

    public boolean json() {
        return format == Format.JSON;
    }

    /** Whether a person watches, so that lines may be drawn again. */
    public boolean live() {
        return !json() && terminal.interactive();
    }

    public Terminal terminal() {
        return terminal;
    }

    public View view() {
        return new View(colours, terminal.width(), clock.instant());
    }

    /** The answer of a command, in the one form or the other. */
    public <T> void show(JsonType<T> type, T value, BiFunction<T, View, List<String>> forPeople) {
        if (json()) {
            terminal.out().println(JsonLayout.of(type.toJson(value)));
        } else {
            forPeople.apply(value, view()).forEach(terminal.out()::println);
        }
    }

    /** A line of the answer, for people only. */
    public void line(String text) {
        if (!json()) {
            terminal.out().println(text);
        }
    }

    /** A hint beside the answer, for people only. */
    public void hint(String text) {
        if (!json()) {
            terminal.err().println(text);
        }
    }

    /** A problem, for whoever reads the error output. */
    public void problem(Problem problem) {
        if (json()) {
            terminal.err().println(ErrorDocument.JSON.toJson(new ErrorDocument(problem)));
        } else {
            String word = colours ? view().paint(Tone.BAD, "skerry:") : "skerry:";
            terminal.err().println(word + " " + problem.sentence());
        }
    }
}
