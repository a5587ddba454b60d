package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollWaitTest {
    private final PollWait wait = new PollWait(Duration.ofSeconds(300));

    @Test
    void waitsAsTheCloudProposes() {
        wait.proposed(Duration.ofSeconds(120));

        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(120));
    }

    @Test
    void staysBelowWhatTheLinkDropped() {
        wait.dropped(Duration.ofSeconds(300), Duration.ofSeconds(120));

        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(80));
        wait.proposed(Duration.ofSeconds(60));
        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(60));
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
        wait.dropped(Duration.ofSeconds(300), Duration.ofSeconds(5));

        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void growsBackSlowlyAndMoreSlowlyBeyondWhatFailed() {
        wait.dropped(Duration.ofSeconds(60), Duration.ofSeconds(60));
        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(40));

        for (int i = 0; i < 3; i++) {
            wait.held();
        }
        assertThat(wait.next()).isEqualTo(Duration.ofSeconds(44));

        for (int i = 0; i < 12; i++) {
            wait.held();
        }
        assertThat(wait.next()).isBetween(Duration.ofSeconds(53), Duration.ofSeconds(60));
        for (int i = 0; i < 100; i++) {
            wait.held();
        }
        assertThat(wait.next()).isGreaterThan(Duration.ofSeconds(60));
    }
}
