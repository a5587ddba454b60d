package io.skerry.spec.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DesiredStateTest {
    private static final Digest MANIFEST = Digest.of("manifest".getBytes(StandardCharsets.UTF_8));

    private final Container web = Container.plain(
            new ServiceVersion("svc1", "web", 3),
            new Image("customer/web", MANIFEST, 1234, 4321),
            Map.of("GREETING", "hello"),
            Limits.DEFAULT,
            List.of(VolumeMount.of("data", "/data")),
            Optional.of(new HealthCheck.Http(8080, "/", HealthCheck.Timing.DEFAULT)),
            RestartPolicy.ALWAYS,
            10,
            30);

    @Test
    void readsBackWhatItWrote() {
        var state = new DesiredState(
                new Head(1, "customer", "node", new Position(1, 7), 99),
                Owner.CLOUD,
                Workload.of(Map.of("inst1", web)),
                new Session(
                        List.of(new Session.Stream("s1", Session.Kind.LOG, "inst1", true, 10)), "", Optional.empty()),
                Optional.of(Contents.of(Map.of(Digest.of(new byte[] {1, 2}), new byte[] {1, 2}))));

        var json = Documents.DESIRED_STATE.toJsonBytes(state);

        assertThat(Wire.read(Documents.DESIRED_STATE, json, "It")).isEqualTo(state);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"not_after\":99", "\"type\":\"http\"", "\"manifest\":\"" + MANIFEST, "\"always\"");
    }

    @Test
    void containerWithoutHealthCheckReadsBackAsWithoutOne() {
        var bare = Container.plain(
                web.service(),
                web.image(),
                Map.of(),
                web.limits(),
                List.of(),
                Optional.empty(),
                RestartPolicy.NO,
                10,
                30);
        var workload = Workload.of(Map.of("inst1", bare));

        var json = Documents.WORKLOAD.toJsonBytes(workload);

        assertThat(Wire.read(Documents.WORKLOAD, json, "It")).isEqualTo(workload);
    }

    @Test
    void equalWorkloadsHaveEqualDigestsWhateverTheOrder() {
        var one = Workload.of(Map.of("a", web, "b", web, "c", web));
        var other = Workload.of(Map.of("c", web, "b", web, "a", web));

        assertThat(one.digest()).isEqualTo(other.digest());
        assertThat(one.digest()).isNotEqualTo(Workload.of(Map.of("a", web)).digest());
    }

    @Test
    void refusesFieldItDoesNotKnow() {
        var json = "{\"containers\":{},\"uplinks\":[]}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Wire.read(Documents.WORKLOAD, json, "The workload"))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("json.malformed");
                    assertThat(e.problem().message()).contains("The workload", "uplinks");
                });
    }

    @Test
    void doesNotRepeatWhatStandsAroundAFault() {
        var json = "{\"containers\":{},\"password\":\"hunter2\"}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Wire.read(Documents.WORKLOAD, json, "The workload"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().message())
                                .contains("password")
                                .doesNotContain("hunter2", "position", "following"))
                .satisfies(e -> {
                    var trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).contains("password").doesNotContain("hunter2");
                });
    }

    @Test
    void refusesMissingPart() {
        var json = "{\"head\":null}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Wire.read(Documents.DESIRED_STATE, json, "It")).isInstanceOf(ProblemException.class);
    }
}
