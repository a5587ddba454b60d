package io.skerry.bench.figure;

import java.util.Locale;

/** What a figure counts. */
public enum Unit {
    /** Of 2<sup>20</sup> bytes. */
    MEGABYTES("MB", 1),
    SECONDS("s", 2),
    MILLISECONDS("ms", 1),
    PER_CPU_SECOND("per CPU-second", 0);

    private final String word;
    private final int digits;

    Unit(String word, int digits) {
        this.word = word;
        this.digits = digits;
    }

    /** As people write it behind a number. */
    public String word() {
        return word;
    }

    /** A value in this unit, without its word; large ones with commas between thousands. */
    public String number(double value) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
