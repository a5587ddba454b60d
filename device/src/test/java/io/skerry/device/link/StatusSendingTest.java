package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a device tells how it is. */
class StatusSendingTest extends LinkScene {
    @Test
    void statusIsSentAtTheStartAndWhenItChangedAndOnceForManyChanges() {
        status.set("{\"n\":1}");
        link.start();
        await().until(() -> statuses.equals(List.of("{\"n\":1}")));

        status.set("{\"n\":2}");
        for (int i = 0; i < 50; i++) {
            link.statusChanged();
        }

        await().during(Duration.ofMillis(400)).until(() -> statuses.equals(List.of("{\"n\":1}", "{\"n\":2}")));
    }

    @Test
    void statusIsSentNowAndThenThoughNothingChanged() {
        link.start();

        await().until(() -> statuses.size() >= 3);
    }

    @Test
    void statusThatCouldNotBeSentIsSentLater() {
        statusCode.set(500);
        link.start();
        await().until(() -> !statuses.isEmpty());
        await().until(() -> link.problems().stream().anyMatch(p -> p.code().equals("link.status-refused")));

        statusCode.set(204);

        await().until(() -> link.problems().isEmpty());
        assertThat(statuses.size()).isGreaterThan(1);
    }
}
