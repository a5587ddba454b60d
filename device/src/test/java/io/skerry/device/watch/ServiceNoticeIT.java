package io.skerry.device.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNoticeIT {
    private static final long PID = 4711;

    @TempDir
    Path folder;

    @Test
    void tellsByASocketThatHasAPath() throws IOException {
        hears(folder.resolve("notify").toString());
    }

    @Test
    void tellsByASocketInTheAbstractNamespace() throws IOException {
        hears("@skerry-test-" + UUID.randomUUID());
    }

    private static void hears(String name) throws IOException {
        try (var socket = new NotifySocket(name)) {
            ServiceNotice notice = notice(Map.of("NOTIFY_SOCKET", name));

            notice.ready("Runs as edge-1");
            notice.beat();
            notice.stopping();

            await().untilAsserted(() -> assertThat(socket.heard())
                    .containsExactly("READY=1", "STATUS=Runs as edge-1", "WATCHDOG=1", "STATUS=Ending", "STOPPING=1"));
            notice.close();
        }
    }

    @Test
    void whatComesFromOutsideInAStatusCantSayAnythingElse() throws IOException {
        try (var socket = new NotifySocket(folder.resolve("notify").toString())) {
            notice(Map.of("NOTIFY_SOCKET", socket.name())).status("a name\nSTOPPING=1");

            await().untilAsserted(() -> assertThat(socket.heard()).containsExactly("STATUS=a name STOPPING=1"));
        }
    }

    @Test
    void thatItHasStartedIsToldLaterWhenNobodyHeardIt() throws IOException {
        String name = folder.resolve("notify").toString();
        ServiceNotice notice = notice(Map.of("NOTIFY_SOCKET", name));

        notice.ready("Runs as edge-1");
        notice.beat();
        try (var socket = new NotifySocket(name)) {
            notice.beat();

            await().untilAsserted(() ->
                    assertThat(socket.heard()).containsExactly("READY=1", "STATUS=Runs as edge-1", "WATCHDOG=1"));
        }
    }

    @Test
    void thatItHasStartedIsToldLaterAlsoWhereNoBeatsAreWanted() throws IOException {
        String name = folder.resolve("notify").toString();
        ServiceNotice notice =
                ServiceNotice.of(Map.of("NOTIFY_SOCKET", name), PID).orElseThrow();
        notice.ready("Runs as edge-1");
        try (var socket = new NotifySocket(name)) {
            notice.beat();
            notice.beat();
            notice.status("The end");

            await().untilAsserted(() ->
                    assertThat(socket.heard()).containsExactly("READY=1", "STATUS=Runs as edge-1", "STATUS=The end"));
        }
    }

    @Test
    void isThereOnlyWhereSystemdAsksForIt() {
        assertThat(ServiceNotice.of(Map.of("WATCHDOG_USEC", "60000000"), PID)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vsock:2:1234", "relative/path", "/", "@"})
    void aSocketOfAnotherKindIsPassedOver(String name) {
        assertThat(ServiceNotice.of(Map.of("NOTIFY_SOCKET", name), PID)).isEmpty();
    }

    @Test
    void aNameThatIsTooLongForASocketIsPassedOver() {
        assertThat(ServiceNotice.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(107)), PID))
                .isEmpty();
        assertThat(ServiceNotice.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(106)), PID))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "60000000, 4711, 60000",
        "60000000, '', 60000",
        "500000, 4711, 500",
        "60000000, 4712, 0",
        "0, 4711, 0",
        "-1, 4711, 0",
        "soon, 4711, 0",
        "99999999999999999999, 4711, 0",
        "'', 4711, 0"
    })
    void theTimeBetweenBeatsIsTheOneThatIsMeantForThisProcess(String micros, String pid, long millis) {
        Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", "/run/none"));
        environment.put("WATCHDOG_USEC", micros);
        environment.put("WATCHDOG_PID", pid);

        assertThat(notice(environment).limit().map(Duration::toMillis).orElse(0L))
                .isEqualTo(millis);
    }

    private static ServiceNotice notice(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(Map.of("WATCHDOG_USEC", "60000000"));
        all.putAll(environment);
        return ServiceNotice.of(all, PID).orElseThrow();
    }
}
