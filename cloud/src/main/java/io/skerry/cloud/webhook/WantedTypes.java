package io.skerry.cloud.webhook;

import io.skerry.cloud.event.EventType;
import io.skerry.spec.Problem;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Which types of events a webhook wants.
 *
 * @param words of types, or the beginnings of types as {@code rollout.*}; none: all, also those that later versions bring
 */
public record WantedTypes(List<String> words) {
    static final WantedTypes ALL = new WantedTypes(List.of());

    private static final int MOST = 64;
    private static final String REST = ".*";

    public WantedTypes {
        words = words.stream().distinct().sorted().toList();
    }

    /** @throws io.skerry.spec.ProblemException {@code event.type-unknown}, {@code input.too-many} */
    static WantedTypes parse(Collection<String> words) {
        if (words.size() > MOST) {
            throw new Problem(
                            "input.too-many",
                            "event_types has " + words.size() + " entries.",
                            "Give at most " + MOST + ", or leave it out for all.")
                    .asException();
        }
        for (String word : words) {
            if (Arrays.stream(EventType.values()).noneMatch(t -> matches(word, t)) || word.equals(ping())) {
                throw EventType.unknown(word).asException();
            }
        }
        return new WantedTypes(List.copyOf(words));
    }

    private static String ping() {
        return EventType.WEBHOOK_PING.word();
    }

    static WantedTypes stored(String text) {
        return text.isEmpty() ? ALL : new WantedTypes(List.of(text.split(" ")));
    }

    String stored() {
        return String.join(" ", words);
    }

    /** Whether an event of this type is wanted; a ping goes to the one that it is sent to, and isn't asked for. */
    boolean wants(EventType type) {
        return type != EventType.WEBHOOK_PING
                && (words.isEmpty() || words.stream().anyMatch(w -> matches(w, type)));
    }

    private static boolean matches(String word, EventType type) {
        return word.endsWith(REST)
                ? type.word().startsWith(word.substring(0, word.length() - 1))
                : type.word().equals(word);
    }
}
