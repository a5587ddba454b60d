package io.skerry.bench.figure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/benchmarks.md}: one section a benchmark. What wasn't measured anew keeps its section as it stands. */
public final class Document {
    private static final Pattern SECTION =
            Pattern.compile("<!-- begin ([a-z-]+) -->\n(.*?)<!-- end \\1 -->", Pattern.DOTALL);

    private static final String HEAD = """
            # Benchmarks

            What Skerry costs, each figure beside its limit and its peer. This page is written by `./skerry bench --write` (some of it
            anew: `./skerry bench NAME… --write`), which anybody can run as root; nothing here was typed in but the peers' figures.
            Medians of several runs with the least and the most; 1 MB is 2^20 bytes. Limits are promises to be looked at here,
            never assertions of a test: wall times move with what else the machine does, so read the ratios and the CPU times.
            """;

    private final Map<String, String> sections = new TreeMap<>();

    /** @param old the document as it stands; empty when there is none */
    public Document(String old) {
        Matcher m = SECTION.matcher(old);
        while (m.find()) {
            sections.put(m.group(1), m.group(2));
        }
    }

    public void put(Result result) {
        sections.put(result.name(), result.markdown());
    }

    /** @param order the benchmarks' names; sections of others are dropped */
    public String text(List<String> order) {
        StringBuilder text = new StringBuilder(HEAD);
        for (String name : order) {
            String section = sections.get(name);
            if (section != null) {
                text.append("\n<!-- begin ").append(name).append(" -->\n").append(section);
                text.append("<!-- end ").append(name).append(" -->\n");
            }
        }
        return text.toString();
    }
}
