package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.inGroup;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.Workload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockWaitsTest {
    private static final Workload ONE = workload("a", container("web", 1), "b", container("db", 1));

    private final LockWaits both =
            LockWaits.NONE.with("a", Duration.ofSeconds(90)).with("b", Duration.ofSeconds(30));

    @TempDir
    Path data;

    @Test
    void whatNobodyWaitedForWasWaitedForNotAtAll() {
        assertThat(both.of("a")).isEqualTo(Duration.ofSeconds(90));
        assertThat(both.of("c")).isZero();
        assertThat(both.without("a").of("a")).isZero();
    }

    @Test
    void noWaitIsLongerThanAnyLimit() {
        LockWaits waits = LockWaits.NONE.with("a", Duration.ofDays(3650));

        assertThat(waits.of("a")).isEqualTo(Duration.ofSeconds(UpdateRules.MOST_LOCK_SECONDS));
    }

    @Test
    void onlyThoseAreLeftThatStillWouldHaveToLetGo() {
        Workload wanted = workload("a", container("web", 1), "b", container("db", 2));

        assertThat(both.stillFor(wanted, ONE)).isEqualTo(both.without("a"));
        assertThat(both.stillFor(workload("b", container("db", 1)), ONE)).isEqualTo(both.without("b"));
        assertThat(both.stillFor(ONE, ONE)).isEqualTo(LockWaits.NONE);
    }

    @Test
    void allHaveToLetGoForAReboot() {
        Workload committed = workload("a", inGroup("root", container("web", 1)), "b", container("db", 1));
        Workload wanted = workload("a", inGroup("root", container("web", 2)), "b", container("db", 1));

        assertThat(both.stillFor(wanted, committed)).isEqualTo(both);
    }

    @Test
    void areWrittenDownMinuteByMinuteAndWhenOneIsOver() {
        assertThat(both.differsEnoughFrom(both)).isFalse();
        assertThat(both.with("b", Duration.ofSeconds(89)).differsEnoughFrom(both))
                .isFalse();
        assertThat(both.with("b", Duration.ofSeconds(90)).differsEnoughFrom(both))
                .isTrue();
        assertThat(both.without("b").differsEnoughFrom(both)).isTrue();
        assertThat(both.differsEnoughFrom(both.without("b"))).isFalse();
        assertThat(both.differsEnoughFrom(both.without("a"))).isTrue();
    }

    @Test
    void areReadAsTheyWereWritten() {
        new KeptLockWaits(RevisionStore.open(data)).waited("a", Duration.ofMinutes(7));

        assertThat(new KeptLockWaits(RevisionStore.open(data)).waited("a")).isEqualTo(Duration.ofMinutes(7));
        assertThat(LockWaits.JSON.toJson(LockWaits.NONE.with("a", Duration.ofMinutes(7))))
                .isEqualTo("{\"millis\":{\"a\":420000}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[7]",
                "{\"millis\":{\"a\":-1}}",
                "{\"millis\":{\"a\":604800001}}",
                "{\"millis\":{\"a\":null}}",
                "{\"millis\":{\"a\":420000",
                "\u0000\u0001"
            })
    void spoiltFileCountsAsNothingWaited(String content) throws Exception {
        RevisionStore store = RevisionStore.open(data);
        Files.write(data.resolve("revisions/lock-waits.json"), content.getBytes(StandardCharsets.UTF_8));

        assertThat(store.lockWaits().millis()).isIn(Map.of(), Map.of("a", 0L));
    }
}
