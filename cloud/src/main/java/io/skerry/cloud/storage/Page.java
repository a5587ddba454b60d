package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Some of a list.
 *
 * @param items in the list's order
 * @param nextCursor what to ask for the items after these with; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> nextCursor) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * The page of a query that asked for one item more than the page may have.
     *
     * @param oneMore at most {@code take + 1} items
     * @param cursor names an item: the page after it begins with the next one
     */
    public static <T> Page<T> of(List<T> oneMore, int take, Function<T, String> cursor) {
        if (oneMore.size() <= take) {
            return new Page<>(oneMore, Optional.empty());
        }
        List<T> items = oneMore.subList(0, take);
        return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
    }

    /** What is said of a cursor that no page of the list can have had. */
    public static Problem unknownCursor(String cursor) {
        return new Problem(
                "input.cursor-unknown",
                "The cursor '" + Text.shortened(cursor, 60) + "' is none of this list.",
                "Give the next_cursor of the page before, or leave the cursor out to begin.");
    }
}
