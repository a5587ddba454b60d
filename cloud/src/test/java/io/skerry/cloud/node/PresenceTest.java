package io.skerry.cloud.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final Presence presence = new Presence(() -> Instant.ofEpochMilli(now.get()));

    @Test
    void aDeviceIsThereWhileItWaitsAndForAWhileAfterTheAnswer() {
        assertThat(presence.online("n")).isFalse();
        presence.waits("n");
        now.addAndGet(55_000);
        assertThat(presence.online("n")).isTrue();

        presence.answered("n", true);
        now.addAndGet(Presence.GRACE.toMillis());
        assertThat(presence.online("n")).isTrue();
        now.addAndGet(1);
        assertThat(presence.online("n")).isFalse();
    }

    @Test
    void afterTheStartDevicesHaveAWhileToCallBeforeTheyAreTakenToBeAway() {
        now.addAndGet(Presence.SETTLING.toMillis() - 1);
        assertThat(presence.isSettled()).isFalse();

        now.addAndGet(1);
        assertThat(presence.isSettled()).isTrue();
    }

    @Test
    void onceAllAreBackThatWereThereNobodyIsWaitedFor() {
        presence.allBack(presence.listening());

        assertThat(presence.isSettled()).isTrue();
    }

    @Test
    void whoeverIsBackBeforeAnotherProcessDiesSaysNothingOfItsDevices() {
        Presence.Listening before = presence.listening();
        presence.unsettle();
        presence.allBack(before);

        assertThat(presence.isSettled()).isFalse();
    }

    @Test
    void anAnswerThatWasSentIsNoSignOfTheDevice() {
        presence.waits("n");
        now.addAndGet(55_000);
        presence.answered("n", true);
        assertThat(presence.lastSeen("n")).contains(1_000_000L);
    }

    @Test
    void aBrokenConnectionGivesNoGrace() {
        presence.waits("n");
        now.addAndGet(55_000);
        presence.answered("n", false);
        assertThat(presence.online("n")).isFalse();
    }
}
