package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollWaitTest {
    private final PollWait wait = new PollWait(Duration.ofMinutes(5));

    @Test
    void waitsAsTheCloudProposes() {
        wait.proposed(Duration.ofMinutes(2));

        assertThat(wait.next()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void staysBelowWhatTheLinkDropped() {
        wait.dropped(Duration.ofMinutes(5), Duration.ofMinutes(2));

        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(80));
        wait.proposed(Duration.ofMinutes(1));
        assertThat(wait.next()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void neverWaitsLessThanHalfAMinuteForTheLinksSake() {
        for (int i = 0; i < 20; i++) {
            wait.dropped(wait.next(), wait.next());
        }

        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void lossSoonAfterTheBeginningSaysNothingAboutIdleConnections() {
        wait.dropped(Duration.ofMinutes(5), Duration.ofSeconds(5));

        assertThat(wait.next()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void growsBackSlowlyAndMoreSlowlyBeyondWhatFailed() {
        wait.dropped(Duration.ofMinutes(1), Duration.ofMinutes(1));
        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(40));

        for (int i = 0; i < 3; i++) {
            wait.held();
        }
        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(44));

        for (int i = 0; i < 12; i++) {
            wait.held();
        }
        assertThat(wait.next()).isBetween(Duration.ofSeconds(53), Duration.ofMinutes(1));
        for (int i = 0; i < 100; i++) {
            wait.held();
        }
        assertThat(wait.next()).isGreaterThan(Duration.ofMinutes(1));
    }
}
