package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.UpdateRules.Strategy;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.VolumeMount.Care;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadRulesTest {
    private static final HealthCheck.Timing LEAST = new HealthCheck.Timing(1, 1, 0, 1);
    private static final HealthCheck.Timing MOST = new HealthCheck.Timing(3600, 3600, 86_400, 100);

    @Test
    void timesUpToTheirBoundsAreTaken() {
        assertThatCode(() -> check(0, 0, LEAST)).doesNotThrowAnyException();
        assertThatCode(() -> check(3600, 86_400, MOST)).doesNotThrowAnyException();
    }

    @Test
    void timesBeyondTheirBoundsAreRefusedByName() {
        assertRefused("stop_seconds is 3601, it can be 0 to 3600", 3601, 0, LEAST);
        assertRefused("stop_seconds", -1, 0, LEAST);
        assertRefused("probation_seconds", 0, 86_401, LEAST);
        assertRefused("probation_seconds", 0, -1, LEAST);
        assertRefused("interval_seconds", 0, 0, new HealthCheck.Timing(3601, 1, 0, 1));
        assertRefused("interval_seconds", 0, 0, new HealthCheck.Timing(0, 1, 0, 1));
        assertRefused("timeout_seconds", 0, 0, new HealthCheck.Timing(1, Integer.MAX_VALUE, 0, 1));
        assertRefused("timeout_seconds", 0, 0, new HealthCheck.Timing(1, 0, 0, 1));
        assertRefused("start_period_seconds", 0, 0, new HealthCheck.Timing(1, 1, 86_401, 1));
        assertRefused("start_period_seconds", 0, 0, new HealthCheck.Timing(1, 1, -1, 1));
        assertRefused("retries", 0, 0, new HealthCheck.Timing(1, 1, 0, 101));
        assertRefused("retries", 0, 0, new HealthCheck.Timing(1, 1, 0, 0));
    }

    @Test
    void filesThatCannotBeTogetherOrWhereAVolumeIsAreRefused() {
        assertThatCode(() -> check("/data", "/data/key", "/etc/app")).doesNotThrowAnyException();
        assertClash(() -> check("/data", "/etc/app", "/etc/app/key"));
        assertClash(() -> check("/data/", "/data"));
        assertClash(() -> check("//data/./here", "/data"));
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void twoOfOneContainerRunAtOnceOnlyWhereTheyMayShareWhatTheyWrite(Strategy strategy) {
        var alone = new VolumeMount("data", "/data", Optional.empty());
        var shared = new VolumeMount("data", "/data", Optional.of(new Care(true, false)));
        var kept = new VolumeMount("data", "/data", Optional.of(new Care(true, true)));

        assertThatCode(() -> check(strategy, shared)).doesNotThrowAnyException();
        if (strategy.overlaps()) {
            assertMalformed(() -> check(strategy, alone), "volume 'data' at once, which isn't declared shareable");
            assertMalformed(() -> check(strategy, shared, new VolumeMount("own", "/own", Optional.empty())), "'own'");
            assertMalformed(() -> check(strategy, kept), "no snapshot");
        } else {
            assertThatCode(() -> check(strategy, alone, kept)).doesNotThrowAnyException();
        }
    }

    private static void assertMalformed(ThrowingCallable checked, String what) {
        assertThatThrownBy(checked).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("workload.malformed");
            assertThat(e.problem().message()).contains("'a'", what);
        });
    }

    private static void check(Strategy strategy, VolumeMount... volumes) {
        WorkloadRules.check(Workloads.workload(
                "a", Workloads.with(Workloads.by(strategy, Workloads.container("web", 1)), volumes)));
    }

    private static void assertClash(ThrowingCallable checked) {
        assertThatThrownBy(checked).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("workload.malformed");
            assertThat(e.problem().message()).contains("is a file");
        });
    }

    private static void check(String volume, String... files) {
        Container c = Workloads.container("web", 1);
        WorkloadRules.check(Workloads.workload(
                "a",
                new Container(
                        c.service(),
                        c.image(),
                        c.environment(),
                        c.limits(),
                        List.of(VolumeMount.of("data", volume)),
                        c.health(),
                        c.restart(),
                        c.stopSeconds(),
                        c.probationSeconds(),
                        c.membership(),
                        c.recovery(),
                        c.update(),
                        Optional.of(new ConfigFiles(Stream.of(files)
                                .map(f -> new ConfigFile(f, 0400, Digest.of(new byte[1]), 1))
                                .toList())))));
    }

    private static void assertRefused(String what, int stop, int probation, HealthCheck.Timing timing) {
        assertThatThrownBy(() -> check(stop, probation, timing)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("workload.malformed");
            assertThat(e.problem().message()).contains("'a'").contains(what);
        });
    }

    private static void check(int stop, int probation, HealthCheck.Timing timing) {
        Container c = Workloads.container("web", 1);
        WorkloadRules.check(Workloads.workload(
                "a",
                Container.plain(
                        c.service(),
                        c.image(),
                        c.environment(),
                        c.limits(),
                        c.volumes(),
                        Optional.of(new HealthCheck.Tcp(80, timing)),
                        c.restart(),
                        stop,
                        probation)));
    }
}
