package io.skerry.bench.figure;

/**
 * What a figure's median should keep.
 *
 * @param kind which side of the value is good
 */
public record Limit(Kind kind, double value) {
    public enum Kind {
        AT_MOST("at most"),
        AT_LEAST("at least");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    public static Limit atMost(double value) {
        return new Limit(Kind.AT_MOST, value);
    }

    public static Limit atLeast(double value) {
        return new Limit(Kind.AT_LEAST, value);
    }

    boolean isKeptBy(double median) {
        return switch (kind) {
            case AT_MOST -> median <= value;
            case AT_LEAST -> median >= value;
        };
    }

    String words(Unit unit) {
        return kind.word() + " " + unit.number(value);
    }
}
