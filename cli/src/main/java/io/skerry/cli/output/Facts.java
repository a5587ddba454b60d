package io.skerry.cli.output;

import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;

/** What is known of one thing: a name and a value a line, aligned. */
public final class Facts {
    private record Fact(String name, String value, Tone tone) {}

    private final List<Fact> facts = new ArrayList<>();

    public Facts fact(String name, String value) {
        return fact(name, value, Tone.PLAIN);
    }

    public Facts fact(String name, String value, Tone tone) {
        facts.add(new Fact(name, Text.shortened(value, 1000), tone));
        return this;
    }

    public List<String> lines(View view) {
        int widest = facts.stream().mapToInt(f -> f.name().length()).max().orElse(0);
        return facts.stream()
                .map(f -> view.paint(Tone.DIM, f.name() + ":")
                        + " ".repeat(widest - f.name().length() + 2)
                        + view.paint(f.tone(), f.value()))
                .toList();
    }
}
