package io.skerry.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** What is said of a change that a cloud took, and of which it told nothing for too long. */
class SlowCloudTest {
    @Test
    void whoGivesUpWaitingIsToldThatTheChangeMayHaveBeenMade() throws Exception {
        // It takes the connection, as any listening socket does, and never answers.
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var client = new CloudClient(
                    Endpoint.parse("http://127.0.0.1:" + silent.getLocalPort()), "skk_x", SSLContext.getDefault());
            assertThatThrownBy(
                            () -> client.call(Operation.CREATE_CUSTOMER, Map.of("name", "acme"), Duration.ofSeconds(3)))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo("cloud.unreachable");
                        assertThat(e.problem().message()).contains("took too long to answer whether");
                        assertThat(e.problem().remedy()).startsWith("Look whether the change was made");
                    });
        }
    }

    @Test
    void onlyWhatWasConnectedWasPerhapsHeard() {
        assertThat(Unreachable.perhapsHeard(new HttpTimeoutException("request timed out")))
                .isTrue();
        assertThat(Unreachable.perhapsHeard(new HttpConnectTimeoutException("connect timed out")))
                .isFalse();
    }
}
