package io.skerry.cloud.event;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happens. Secrets have no place in it, nor what programs wrote.
 *
 * @param customerId whose thing it is about
 * @param data as the type says; what devices and people wrote must be {@link #words shortened}
 */
public record NewEvent(String customerId, EventType type, Subject subject, Map<String, Object> data) {
    private static final int LONGEST = 500;

    public NewEvent {
        data = Map.copyOf(data);
        if (!type.fits(data.keySet())) {
            throw new IllegalArgumentException(type.word() + " has other fields than " + new TreeMap<>(data).keySet());
        }
    }

    /** Words of others, in bounds. */
    public static String words(String text) {
        return Text.shortened(text, LONGEST);
    }

    /** A problem as events tell it. */
    public static Map<String, Object> problem(Problem problem) {
        Map<String, Object> told = new TreeMap<>();
        told.put("code", words(problem.code()));
        told.put("message", words(problem.message()));
        told.put("remedy", words(problem.remedy()));
        return told;
    }
}
