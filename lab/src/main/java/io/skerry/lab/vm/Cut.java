package io.skerry.lab.vm;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a power cut did to the blocks that weren't durable.
 *
 * @param waiting how many there were
 * @param whole how many reached the medium as they were written last
 * @param lost the numbers of those that are as they were before
 * @param torn the numbers of those that are something between: a part of them, or an older form
 */
public record Cut(int waiting, int whole, List<Long> lost, List<Long> torn) {
    /** So many are told by their numbers. */
    private static final int MOST_TOLD = 8;

    static final Cut NOTHING = new Cut(0, 0, List.of(), List.of());

    public Cut {
        lost = List.copyOf(lost);
        torn = List.copyOf(torn);
    }

    @Override
    public String toString() {
        return waiting + " blocks not yet durable, of which " + whole + " survived, " + lost.size() + " were lost, "
                + torn.size() + " torn" + numbers();
    }

    private String numbers() {
        int count = lost.size() + torn.size();
        return count == 0 || count > MOST_TOLD
                ? ""
                : Stream.concat(lost.stream(), torn.stream())
                        .sorted()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", " (", ")"));
    }
}
