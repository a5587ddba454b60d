package io.skerry.bench.figure;

import java.util.Optional;

/**
 * One thing that was measured.
 *
 * @param what in a few words
 * @param limit what it should keep, if anything was promised
 * @param peer whose figure it is measured against, with that figure; empty when it has none
 */
public record Figure(String what, Unit unit, Samples samples, Optional<Limit> limit, String peer) {
    public static Figure of(String what, Unit unit, Samples samples) {
        return new Figure(what, unit, samples, Optional.empty(), "");
    }

    public Figure within(Limit promised) {
        return new Figure(what, unit, samples, Optional.of(promised), peer);
    }

    public Figure beside(String whose) {
        return new Figure(what, unit, samples, limit, whose);
    }

    public String median() {
        return unit.number(samples.median());
    }

    /** From the least to the most; a dash when there was one run only. */
    public String range() {
        return samples.count() == 1 ? "–" : unit.number(samples.least()) + " – " + unit.number(samples.most());
    }

    /** The limit and whether the median keeps it; empty without a limit. */
    public String verdict() {
        return limit.map(l -> l.words(unit) + (l.isKeptBy(samples.median()) ? ": kept" : ": MISSED"))
                .orElse("");
    }
}
