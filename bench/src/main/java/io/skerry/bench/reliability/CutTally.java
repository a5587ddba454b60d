package io.skerry.bench.reliability;

import io.skerry.bench.figure.Samples;
import io.skerry.lab.reliability.CutOutcome;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What many cuts came to, together. */
record CutTally(List<CutOutcome> cuts) {
    CutTally {
        cuts = List.copyOf(cuts);
    }

    /** Those at which something was wrong. */
    List<CutOutcome> bad() {
        return cuts.stream().filter(c -> !c.good()).toList();
    }

    /** As rows of Markdown. */
    String table() {
        StringBuilder text = new StringBuilder("| | |\n| --- | ---: |\n");
        row(text, "cuts", cuts.size());
        row(text, "with something wrong", bad().size());
        row(text, "at which blocks were lost or torn", count(c -> c.blocksLost() > 0));
        row(text, "at which the file system's superblock was torn, and mended", count(CutOutcome::mended));
        row(text, "after which the old version ran", count(c -> c.cameUp() != 0 && c.cameUp() == c.from()));
        row(text, "after which the new version ran", count(c -> c.cameUp() != 0 && c.cameUp() == c.to()));
        if (count(CutOutcome::good) > 0) {
            row(text, "blocks not durable at the cut", whole(c -> c.blocksWaiting()));
            row(text, "blocks lost or torn", whole(c -> c.blocksLost()));
            row(text, "daemon's start to a version that serves, s", seconds(CutOutcome::wholeSeconds));
            row(text, "network back to the new version healthy, s", seconds(CutOutcome::convergedSeconds));
        }
        return text.toString();
    }

    private long count(Predicate<CutOutcome> which) {
        return cuts.stream().filter(which).count();
    }

    private String whole(ToDoubleFunction<CutOutcome> value) {
        return spread(value, figure -> String.format(Locale.ROOT, "%.0f", figure));
    }

    private String seconds(ToDoubleFunction<CutOutcome> value) {
        return spread(value, figure -> String.format(Locale.ROOT, "%.1f", figure));
    }

    private String spread(ToDoubleFunction<CutOutcome> value, DoubleFunction<String> shown) {
        Samples samples = Samples.of(cuts.stream()
                .filter(CutOutcome::good)
                .mapToDouble(value)
                .boxed()
                .toList());
        return "median " + shown.apply(samples.median()) + ", least " + shown.apply(samples.least()) + ", most "
                + shown.apply(samples.most());
    }

    private static void row(StringBuilder text, String what, Object figure) {
        text.append("| ").append(what).append(" | ").append(figure).append(" |\n");
    }
}
