package io.skerry.cloud.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.desired.Target;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.RevisionStatus.Phase;
import io.skerry.spec.status.WindowWaits;
import io.skerry.spec.window.Opening;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InstanceViewTest {
    private static final String INSTANCE = "01a229de-5c1b-7000-8000-000000000001";
    private static final Digest IMAGE = Digest.of(new byte[] {1});
    private static final Digest ASKED = Digest.of(new byte[] {2});
    private static final Digest OLD = Digest.of(new byte[] {3});
    private static final Reason BROKEN =
            new Reason(INSTANCE, new Problem("container.exited", "It ended with 1."), List.of("boom"));
    private static final Target TWO = new Target.Runs(2);
    private static final Target REFUSED =
            new Target.Refused(new Problem("instance.architecture-missing", "no"), 2, Optional.of(1L));
    private static final Target NOTHING = new Target.Nothing();

    private static Instance instance(String selector) {
        return new Instance(
                INSTANCE,
                "c",
                "s",
                "web",
                "n",
                "gate",
                selector.isEmpty() ? Optional.empty() : Optional.of(selector),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    private static Optional<ContainerStatus> none() {
        return Optional.empty();
    }

    private static Optional<ContainerStatus> container(long version, State state, Health health) {
        return Optional.of(new ContainerStatus(
                INSTANCE,
                new ServiceVersion("s", "web", version),
                IMAGE,
                state,
                health,
                5,
                0,
                Optional.of(new ContainerStatus.Exit(3, ContainerStatus.Cause.EXITED, 4)),
                health == Health.UNHEALTHY ? "connection refused" : ""));
    }

    private static Optional<Outcome> ended(Digest workload, Outcome.Result result) {
        return Optional.of(new Outcome(
                2,
                workload,
                result,
                result == Outcome.Result.COMMITTED ? Optional.empty() : Optional.of(BROKEN),
                Optional.empty()));
    }

    private static Optional<Outcome> fresh() {
        return Optional.empty();
    }

    private static NodeFacts node(
            boolean online, Phase phase, Stream<ContainerStatus> containers, Stream<Outcome> outcome) {
        return new NodeFacts(
                online,
                Optional.of(new DeviceStatus(
                        "0.1.0",
                        1,
                        new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2),
                        new Position(1, 1),
                        new RevisionStatus(
                                1,
                                Optional.empty(),
                                phase,
                                outcome.findFirst(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        containers.toList(),
                        new DeviceStatus.Resources(1, 1, 1, 1),
                        Map.of(),
                        List.of())),
                Optional.of(new NodeFacts.Told(ASKED, OLD, Set.of())));
    }

    static Stream<Arguments> table() {
        var healthyOne = container(1, State.RUNNING, Health.HEALTHY);
        var healthyTwo = container(2, State.RUNNING, Health.HEALTHY);
        return Stream.of(
                // what is asked, what the device says, what follows: state, reason's code, running version
                row("", TWO, true, Phase.IDLE, none(), fresh(), "pending", "", 0),
                row("", TWO, false, Phase.IDLE, none(), fresh(), "pending", "node.offline", 0),
                row("", TWO, false, Phase.IDLE, healthyOne, fresh(), "pending", "node.offline", 1),
                row("", TWO, true, Phase.FETCHING, none(), fresh(), "fetching", "", 0),
                row("", TWO, true, Phase.FETCHING, healthyOne, fresh(), "fetching", "", 1),
                row("", TWO, true, Phase.SWITCHING, healthyOne, fresh(), "trial", "", 1),
                row("", TWO, true, Phase.SWITCHING, waiting(2), fresh(), "trial", "", 0),
                row("", TWO, true, Phase.ON_TRIAL, healthyTwo, fresh(), "trial", "", 2),
                row(
                        "",
                        TWO,
                        true,
                        Phase.ON_TRIAL,
                        container(2, State.RUNNING, Health.STARTING),
                        fresh(),
                        "trial",
                        "",
                        2),
                row(
                        "",
                        TWO,
                        true,
                        Phase.ON_TRIAL,
                        container(2, State.RUNNING, Health.UNHEALTHY),
                        fresh(),
                        "unhealthy",
                        "container.unhealthy",
                        2),
                row("", TWO, true, Phase.IDLE, healthyTwo, ended(ASKED, Outcome.Result.COMMITTED), "healthy", "", 2),
                row("", TWO, false, Phase.IDLE, healthyTwo, fresh(), "healthy", "", 2),
                row("", TWO, true, Phase.FETCHING, healthyTwo, fresh(), "healthy", "", 2),
                row(
                        "",
                        TWO,
                        true,
                        Phase.IDLE,
                        container(2, State.RUNNING, Health.STARTING),
                        fresh(),
                        "restarting",
                        "",
                        2),
                row(
                        "",
                        TWO,
                        true,
                        Phase.IDLE,
                        container(2, State.BACKING_OFF, Health.STARTING),
                        fresh(),
                        "restarting",
                        "container.exited",
                        2),
                row(
                        "",
                        TWO,
                        true,
                        Phase.IDLE,
                        container(2, State.STOPPED, Health.STARTING),
                        fresh(),
                        "stopped",
                        "container.exited",
                        0),
                row(
                        "",
                        TWO,
                        true,
                        Phase.IDLE,
                        container(2, State.GIVEN_UP, Health.STARTING),
                        fresh(),
                        "given-up",
                        "container.given-up",
                        0),
                row("", TWO, true, Phase.IDLE, container(2, State.MOUNTED, Health.STARTING), fresh(), "mounted", "", 2),
                row(
                        "",
                        TWO,
                        true,
                        Phase.ON_TRIAL,
                        container(2, State.MOUNTED, Health.STARTING),
                        fresh(),
                        "trial",
                        "",
                        2),
                row("", TWO, true, Phase.PUT_OFF, healthyOne, fresh(), "put-off", "update.put-off", 1),
                row("", TWO, true, Phase.PUT_OFF, healthyTwo, fresh(), "healthy", "", 2),
                row("", TWO, true, Phase.REBOOTING, healthyOne, fresh(), "trial", "", 1),
                // the device tried and went back
                row(
                        "",
                        TWO,
                        true,
                        Phase.IDLE,
                        healthyOne,
                        ended(ASKED, Outcome.Result.ROLLED_BACK),
                        "rolled-back",
                        "container.exited",
                        1),
                row(
                        "",
                        TWO,
                        true,
                        Phase.IDLE,
                        healthyOne,
                        ended(ASKED, Outcome.Result.REFUSED),
                        "refused",
                        "container.exited",
                        1),
                row("", TWO, true, Phase.ROLLING_BACK, healthyTwo, fresh(), "rolling-back", "revision.rolling-back", 2),
                row("", TWO, true, Phase.ROLLING_BACK, healthyOne, fresh(), "rolling-back", "revision.rolling-back", 1),
                // an older attempt's end says nothing of what is asked now
                row("", TWO, true, Phase.IDLE, healthyOne, ended(OLD, Outcome.Result.ROLLED_BACK), "pending", "", 1),
                row(
                        "",
                        TWO,
                        true,
                        Phase.FETCHING,
                        healthyOne,
                        ended(ASKED, Outcome.Result.ROLLED_BACK),
                        "fetching",
                        "",
                        1),
                // what is refused for now, by a full disk say, is told while it is tried again
                row(
                        "",
                        TWO,
                        true,
                        Phase.FETCHING,
                        healthyOne,
                        ended(ASKED, Outcome.Result.REFUSED),
                        "fetching",
                        "container.exited",
                        1),
                row("", TWO, true, Phase.FETCHING, healthyOne, ended(OLD, Outcome.Result.REFUSED), "fetching", "", 1),
                // another instance's failure leaves this one, which needed no change, healthy
                row("", TWO, true, Phase.IDLE, healthyTwo, ended(ASKED, Outcome.Result.ROLLED_BACK), "healthy", "", 2),
                // the cloud refuses
                row("", REFUSED, true, Phase.IDLE, healthyOne, fresh(), "refused", "instance.architecture-missing", 1),
                // unattended
                row("disabled", TWO, true, Phase.IDLE, healthyTwo, fresh(), "disabled", "", 2),
                row("disabled", NOTHING, true, Phase.IDLE, none(), fresh(), "disabled", "", 0),
                row("version:2", TWO, true, Phase.IDLE, healthyTwo, fresh(), "healthy", "", 2));
    }

    private static Optional<ContainerStatus> waiting(long version) {
        return container(version, State.WAITING, Health.STARTING);
    }

    @SuppressWarnings("TooManyParameters")
    private static Arguments row(
            String selector,
            Target target,
            boolean online,
            Phase phase,
            Optional<ContainerStatus> container,
            Optional<Outcome> outcome,
            String state,
            String reason,
            long running) {
        return Arguments.of(
                instance(selector),
                target,
                node(online, phase, container.stream(), outcome.stream()),
                state,
                reason,
                running);
    }

    @ParameterizedTest
    @MethodSource
    void table(Instance instance, Target target, NodeFacts node, String state, String reason, long running) {
        InstanceView view = InstanceView.of(instance, target, node);
        assertThat(view.state().word()).isEqualTo(state);
        assertThat(view.reason().map(r -> r.problem().code()).orElse("")).isEqualTo(reason);
        assertThat(view.runningVersion().orElse(0L)).isEqualTo(running);
        assertThat(view.targetVersion()).isEqualTo(target.version());
    }

    @Test
    void anUpdateThatIsPutOffNamesWhoHoldsTheLockByItsService() {
        NodeFacts plain =
                node(true, Phase.PUT_OFF, container(1, State.RUNNING, Health.HEALTHY).stream(), Stream.empty());
        DeviceStatus status = plain.status().orElseThrow();
        var said = new DeviceStatus(
                status.daemonVersion(),
                status.at(),
                status.capabilities(),
                status.accepted(),
                new RevisionStatus(
                        1,
                        Optional.of(2),
                        Phase.PUT_OFF,
                        Optional.empty(),
                        List.of(),
                        Optional.of("waiting for " + INSTANCE + "'s /host/update.lock in time"),
                        Optional.empty(),
                        Optional.empty()),
                status.containers(),
                status.resources(),
                status.bytes(),
                status.problems());

        InstanceView view = InstanceView.of(instance(""), TWO, new NodeFacts(true, Optional.of(said), plain.told()));

        assertThat(view.reason().orElseThrow().problem().message())
                .isEqualTo("The update is put off: waiting for web's /host/update.lock in time.");
    }

    @Test
    void anUpdateThatWaitsForAWindowSaysForWhichAndWhenItOpens() {
        NodeFacts plain =
                node(true, Phase.AWAITING_WINDOW, container(1, State.RUNNING, Health.HEALTHY).stream(), Stream.empty());
        DeviceStatus status = plain.status().orElseThrow();
        var said = new DeviceStatus(
                status.daemonVersion(),
                status.at(),
                status.capabilities(),
                status.accepted(),
                new RevisionStatus(
                        1,
                        Optional.empty(),
                        Phase.AWAITING_WINDOW,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(new WindowWaits(
                                List.of(new WindowWaits.Wait(INSTANCE, Opening.SWITCH, Optional.of(3_600_000L))))),
                        Optional.empty()),
                status.containers(),
                status.resources(),
                status.bytes(),
                status.problems());

        InstanceView view = InstanceView.of(instance(""), TWO, new NodeFacts(true, Optional.of(said), plain.told()));

        assertThat(view.state()).isEqualTo(InstanceState.AWAITING_WINDOW);
        assertThat(view.reason().orElseThrow().problem().message())
                .isEqualTo("The update waits for a switch window, which opens 1970-01-01T01:00:00Z.");
    }

    @Test
    void aDeviceThatNeverSaidAnythingIsPending() {
        InstanceView view = InstanceView.of(instance(""), TWO, new NodeFacts(true, Optional.empty(), Optional.empty()));
        assertThat(view.state()).isEqualTo(InstanceState.PENDING);
        assertThat(view.runningVersion()).isEmpty();
    }

    @Test
    void whatARevisionOnTrialLeftAsItWasIsNotOnTrialItself() {
        assertThat(onTrial(OLD, Set.of(INSTANCE))).isEqualTo(InstanceState.HEALTHY);
        assertThat(onTrial(OLD, Set.of("other"))).isEqualTo(InstanceState.TRIAL);
        assertThat(onTrial(IMAGE, Set.of(INSTANCE)))
                .as("the device never committed the workload that this was compared with")
                .isEqualTo(InstanceState.TRIAL);
    }

    private static InstanceState onTrial(Digest committed, Set<String> unchanged) {
        NodeFacts node = node(
                true,
                Phase.ON_TRIAL,
                container(2, State.RUNNING, Health.HEALTHY).stream(),
                ended(committed, Outcome.Result.COMMITTED).stream());
        var facts = new NodeFacts(node.online(), node.status(), Optional.of(new NodeFacts.Told(ASKED, OLD, unchanged)));
        return InstanceView.of(instance(""), TWO, facts).state();
    }

    @Test
    void whatIsUnchangedIsToldByTheWorkloadsThemselves() {
        var one = Workload.of(Map.of(INSTANCE, asked(1), "j", asked(1)));
        var two = Workload.of(Map.of(INSTANCE, asked(2), "j", asked(1), "k", asked(1)));
        var told = NodeFacts.Told.of(Documents.WORKLOAD.toJson(two), Documents.WORKLOAD.toJson(one));
        assertThat(told).isEqualTo(new NodeFacts.Told(two.digest(), one.digest(), Set.of("j")));
    }

    private static Container asked(long version) {
        return Container.plain(
                new ServiceVersion("s", "web", version),
                new Image("c/web", IMAGE, 1, 1),
                Map.of(),
                Limits.DEFAULT,
                List.of(),
                Optional.empty(),
                RestartPolicy.ALWAYS,
                10,
                30);
    }

    @Test
    void aRolloutCountsWhoFollowsTheNewestVersion() {
        var service = new io.skerry.cloud.service.Service(
                "s", "c", "web", 2, 2, "image", io.skerry.cloud.service.NetworkSettings.NONE, 1);
        var done = InstanceView.of(
                instance(""),
                TWO,
                node(true, Phase.IDLE, container(2, State.RUNNING, Health.HEALTHY).stream(), Stream.empty()));
        var ended = InstanceView.of(
                instance("version:2"),
                TWO,
                node(true, Phase.IDLE, container(2, State.STOPPED, Health.STARTING).stream(), Stream.empty()));
        var away = InstanceView.of(instance(""), TWO, node(false, Phase.IDLE, Stream.empty(), Stream.empty()));
        var fetching = InstanceView.of(instance(""), TWO, node(true, Phase.FETCHING, Stream.empty(), Stream.empty()));
        var pinned = InstanceView.of(
                instance("version:1"), new Target.Runs(1), node(true, Phase.IDLE, Stream.empty(), Stream.empty()));
        var disabled =
                InstanceView.of(instance("disabled"), NOTHING, node(true, Phase.IDLE, Stream.empty(), Stream.empty()));

        Rollout rollout = Rollout.of(service, Stream.of(done, ended, away, fetching, pinned, disabled));

        assertThat(rollout.total())
                .as("who is pinned to another version or disabled isn't to have it")
                .isEqualTo(4);
        assertThat(rollout.count(Rollout.Stand.DONE)).isEqualTo(1);
        assertThat(rollout.count(Rollout.Stand.FAILED)).isEqualTo(1);
        assertThat(rollout.count(Rollout.Stand.WAITING_OFFLINE)).isEqualTo(1);
        assertThat(rollout.count(Rollout.Stand.IN_PROGRESS)).isEqualTo(1);
    }

    @Test
    void reasonsNameTheServiceAndNotTheInstancesId() {
        Problem problem = new Problem("container.not-healthy", "Container " + INSTANCE + " is starting.");
        Outcome outcome = new Outcome(
                2,
                ASKED,
                Outcome.Result.ROLLED_BACK,
                Optional.of(new Reason(INSTANCE, problem, List.of())),
                Optional.empty());

        InstanceView view = InstanceView.of(
                instance(""),
                TWO,
                node(true, Phase.IDLE, container(1, State.RUNNING, Health.HEALTHY).stream(), Stream.of(outcome)));

        assertThat(view.reason().orElseThrow().problem().message()).isEqualTo("Container web is starting.");
    }
}
