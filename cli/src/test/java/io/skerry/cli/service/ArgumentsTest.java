package io.skerry.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cli.api.ImportInput.Check;
import io.skerry.cli.api.ImportInput.Source;
import io.skerry.cli.api.Variable;
import io.skerry.cli.api.Volume;
import io.skerry.spec.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static void refused(ThrowingCallable call, String code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void imagesNameTheirArchitecture() {
        assertThat(Arguments.source("armhf=r.example/a:1@sha256:00="))
                .isEqualTo(new Source("armhf", "r.example/a:1@sha256:00="));
        refused(() -> Arguments.source("r.example/a:1"), "usage.image");
        refused(() -> Arguments.source("mips=r.example/a:1"), "architecture.unknown");
    }

    @Test
    void volumesHaveANameAndAnAbsolutePath() {
        assertThat(Arguments.volume("data:/var/lib")).isEqualTo(new Volume("data", "/var/lib", false, false));
        assertThat(Arguments.volume("data:/a:snapshot")).isEqualTo(new Volume("data", "/a", false, true));
        assertThat(Arguments.volume("data:/a:snapshot,shareable")).isEqualTo(new Volume("data", "/a", true, true));
        refused(() -> Arguments.volume("data:/a:snapshots"), "usage.volume");
        refused(() -> Arguments.volume("data:/a:"), "usage.volume");
        refused(() -> Arguments.volume("data:/a:snapshot:shareable"), "usage.volume");
        refused(() -> Arguments.volume("data:var"), "usage.volume");
        refused(() -> Arguments.volume("/var"), "usage.volume");
    }

    @Test
    void variablesKeepWhatIsBehindTheFirstSign() {
        assertThat(Arguments.variable("A=b=c")).isEqualTo(new Variable("A", "b=c"));
        assertThat(Arguments.variable("A=")).isEqualTo(new Variable("A", ""));
        refused(() -> Arguments.variable("1A=b"), "usage.env");
    }

    @Test
    void aRefusedVariableDoesNotRepeatItsValue() {
        assertThatThrownBy(() -> Arguments.variable("MY KEY=hunter2"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().sentence())
                                .contains("MY KEY")
                                .doesNotContain("hunter2"));
        assertThatThrownBy(() -> Arguments.variable("hunter2"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().sentence()).doesNotContain("hunter2"));
    }

    @Test
    void timesAreSecondsUnlessTheySayOtherwise() {
        assertThat(Arguments.seconds("interval", "5")).isEqualTo(5);
        assertThat(Arguments.seconds("interval", "5m")).isEqualTo(300);
        assertThat(Arguments.seconds("interval", "2h")).isEqualTo(7200);
        refused(() -> Arguments.seconds("interval", "-5"), "usage.interval");
        refused(() -> Arguments.seconds("interval", "5 min"), "usage.interval");
        refused(() -> Arguments.seconds("interval", "9999999h"), "usage.interval");
    }

    @Test
    void healthChecksAreRead() {
        assertThat(Arguments.http("8080")).isEqualTo(new Check.Http(8080, "/"));
        assertThat(Arguments.http("8080/live?x=1")).isEqualTo(new Check.Http(8080, "/live?x=1"));
        assertThat(Arguments.tcp("1883")).isEqualTo(new Check.Tcp(1883));
        refused(() -> Arguments.http("http://localhost:80"), "usage.health-http");
        refused(() -> Arguments.tcp("70000"), "usage.health-tcp");
        refused(() -> Arguments.tcp("0"), "usage.health-tcp");
    }

    @Test
    void restartPoliciesAreTheApisWords() {
        assertThat(Arguments.restart("on-failure")).isEqualTo("on_failure");
        assertThat(Arguments.restart("unless-stopped")).isEqualTo("unless_stopped");
        refused(() -> Arguments.restart("sometimes"), "usage.restart");
    }

    @Test
    void otherChoicesAreTheApisWordsToo() {
        assertThat(Arguments.goal("ready")).isEqualTo("READY");
        assertThat(Arguments.updateScope("system")).isEqualTo("system");
        assertThat(Arguments.exhausted("give-up")).isEqualTo("give_up");
        assertThat(Arguments.strategy("hand-over")).isEqualTo("hand_over");
        assertThat(Arguments.without("goal")).isEqualTo("status_goal");
        assertThat(Arguments.without("goal-time")).isEqualTo("goal_seconds");
        assertThat(Arguments.without("update-scope")).isEqualTo("update_scope");
        refused(() -> Arguments.goal("RUNNING"), "usage.goal");
        refused(() -> Arguments.updateScope("group"), "usage.update-scope");
        refused(() -> Arguments.exhausted("never"), "usage.exhausted");
        refused(() -> Arguments.strategy("both"), "usage.strategy");
        refused(() -> Arguments.without("memory"), "usage.without");
    }
}
