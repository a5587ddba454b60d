package io.skerry.bench.figure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The values that several runs gave, ascending; at least one. */
public record Samples(List<Double> values) {
    public Samples {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a figure needs at least one run");
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        values = List.copyOf(sorted);
    }

    public static Samples of(Collection<Double> values) {
        return new Samples(List.copyOf(values));
    }

    public double least() {
        return values.getFirst();
    }

    public double most() {
        return values.getLast();
    }

    /** The middle one, or the mean of the two in the middle. */
    public double median() {
        int half = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(half) : (values.get(half - 1) + values.get(half)) / 2;
    }

    public int count() {
        return values.size();
    }
}
