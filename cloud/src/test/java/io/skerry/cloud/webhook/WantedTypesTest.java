package io.skerry.cloud.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.event.EventType;
import io.skerry.spec.ProblemException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WantedTypesTest {
    @Test
    void aTypeOrTheBeginningOfTypesIsWanted() {
        WantedTypes some = WantedTypes.parse(List.of("node.offline", "rollout.*"));

        assertThat(some.wants(EventType.NODE_OFFLINE)).isTrue();
        assertThat(some.wants(EventType.NODE_ONLINE)).isFalse();
        assertThat(some.wants(EventType.ROLLOUT_PAUSED)).isTrue();
        assertThat(WantedTypes.stored(some.stored())).isEqualTo(some);
    }

    @Test
    void noneIsAllButPings() {
        for (EventType type : EventType.values()) {
            assertThat(WantedTypes.parse(List.of()).wants(type)).isEqualTo(type != EventType.WEBHOOK_PING);
        }
        assertThat(WantedTypes.stored(WantedTypes.ALL.stored())).isEqualTo(WantedTypes.ALL);
    }

    @Test
    void whatThereIsntIsRefused() {
        for (String word : List.of("node.gone", "nodes.*", "*", "", ".*", "node.", "webhook.ping", "node.offline ")) {
            refused(List.of(word), "event.type-unknown");
        }
        refused(Collections.nCopies(65, "node.offline"), "input.too-many");
    }

    private static void refused(List<String> words, String code) {
        assertThatThrownBy(() -> WantedTypes.parse(words))
                .as(words.getFirst())
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
