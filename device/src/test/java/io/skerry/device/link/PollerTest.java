package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void pollThatBrokeOffWhileItWaitedSaysThatTheCloudWasThere() {
        assertThat(Poller.held(new EOFException("EOF reached while reading"), LONG))
                .isTrue();
    }

    @Test
    void cloudThatClosesAtOnceWasNotThere() {
        assertThat(Poller.held(new IOException("closed"), Duration.ofMillis(50)))
                .isFalse();
    }

    @Test
    void connectionThatWasNeverMadeSaysNothingHoweverLongItTook() {
        assertThat(Poller.held(new ConnectException(), LONG)).isFalse();
        assertThat(Poller.held(new HttpConnectTimeoutException("too long"), LONG))
                .isFalse();
    }
}
