package io.skerry.cloud.rollout;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.graphql.Sample;
import io.skerry.cloud.instance.RolloutReports;
import io.skerry.cloud.storage.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Roll-outs over real storage; what devices say is the tests'. Four devices follow a service's newest version. */
@Tag(TestDatabase.TAG)
class RolloutsTest extends RolloutScene {
    @Test
    void withoutAPolicyANewVersionGoesToAllAtOnce() {
        Sample.version(fleet, service, 2);

        assertThat(told()).containsExactly(2L, 2L, 2L, 2L);
    }

    @Test
    void whoeverLooksAtAServiceSeesByWhichRollOutItsNewestVersionGoes() {
        String asked =
                "{ DM_get_node_service_rollout(node_service_id: \"" + service + "\") { phased { state phase } } }";
        assertThat(data(fleet.ask(asked)).get("DM_get_node_service_rollout")).hasToString("{phased=null}");
        policy(HALVES);

        Sample.version(fleet, service, 2);

        assertThat(data(fleet.ask(asked)).get("DM_get_node_service_rollout"))
                .hasToString("{phased={state=running, phase=1}}");
    }

    @Test
    void newVersionGoesOutPhaseByPhaseAndIsThenTheNewestForAll() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        assertThat(told()).containsOnly(1L);

        advance();
        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
        advance();
        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 2L, 2L);

        allDone();
        advance();
        assertThat(told()).containsOnly(2L);
        advance();
        assertThat(rollout()).contains("state=completed", "total=4", "done=4");
        add("late");
        assertThat(told()).containsExactly(2L, 2L, 2L, 2L, 2L);
    }

    @Test
    void controlPlaneThatDiesAnywhereGoesOnFromWhereItWas() {
        policy("{phases: [{count: 1}, {count: 1, soak_seconds: 60}, {at_once: 1}]}");
        Sample.version(fleet, service, 2);
        List<List<Long>> seen = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            reopen();
            advance();
            reopen();
            seen.add(told());
            fleet.later(Duration.ofSeconds(61));
            allDone();
        }

        for (int i = 1; i < seen.size(); i++) {
            long before = seen.get(i - 1).stream().filter(v -> v == 2).count();
            long now = seen.get(i).stream().filter(v -> v == 2).count();
            assertThat(now).isBetween(before, before + 1);
        }
        assertThat(told()).containsOnly(2L);
        assertThat(rollout()).contains("state=completed");
    }

    @Test
    void failurePausesItUntilItIsResumedAndAnAbortKeepsEverybodyWhereTheyAre() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        advance();
        stands.put(first(2L), Stand.FAILED);
        advance();
        assertThat(rollout()).contains("state=paused", "rollout.failures", "failed=1");

        data(fleet.ask("mutation { DM_resume_rollout(rollout_id: \"" + id() + "\") }"));
        advance();
        assertThat(rollout()).contains("state=running");
        data(fleet.ask("mutation { DM_pause_rollout(rollout_id: \"" + id() + "\") }"));
        allDone();
        advance();
        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 2L, 2L);

        data(fleet.ask("mutation { DM_abort_rollout(rollout_id: \"" + id() + "\") }"));
        advance();
        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
        assertThat(code(fleet.ask("mutation { DM_resume_rollout(rollout_id: \"" + id() + "\") }")))
                .isEqualTo("rollout.state");
    }

    @Test
    void deviceThatCantHaveTheVersionIsAFailure() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        fleet.storage.write(h -> h.execute("DELETE FROM service_images WHERE version = 2"));
        nodes.forEach(fleet.presence::heard);
        var reports = new RolloutReports(fleet.storage, InstantSource.system(), fleet.instances, fleet.views);

        fleet.turns.advance(reports);
        fleet.turns.advance(reports);

        assertThat(told()).as("each keeps what it has").containsOnly(1L);
        assertThat(rollout()).contains("state=paused", "rollout.failures", "failed=2");
    }

    @Test
    void firstPhaseThatNeedsApprovalBeginsWithIt() {
        for (boolean manual : List.of(false, true)) {
            policy("{manual: " + manual + ", phases: [{count: 1, approval: true}, {}]}");
            long version = manual ? 3 : 2;
            Sample.version(fleet, service, version);
            if (manual) {
                start();
            }
            advance();
            assertThat(rollout()).contains("state=awaiting-approval");
            change("pause");
            change("resume");
            advance();
            assertThat(told()).as("a pause is no approval").doesNotContain(version);

            change("approve");
            advance();

            assertThat(rollout()).contains("state=running", "phase=1");
            assertThat(told().stream().filter(v -> v == version)).hasSize(1);
        }
    }

    @Test
    void onlyPhaseThatNeedsApprovalBeginsWithItAlsoWithoutAnybodyInIt() {
        policy("{phases: [{approval: true}]}");
        String empty = Sample.service(fleet, customer, "empty", 1);
        data(fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + empty
                + "\", policy: {phases: [{approval: true}]}) }"));
        Sample.version(fleet, empty, 2);
        assertThat(rollout()).contains("state=awaiting-approval");

        change("approve");
        advance();

        assertThat(rollout()).contains("state=completed");
    }

    @Test
    void deviceThatComesBackAfterTheEndIsCountedAsItIs() {
        policy("{phases: [{}]}");
        away.add(instances.getFirst());
        Sample.version(fleet, service, 2);
        for (int i = 0; i < 3; i++) {
            advance();
            instances.stream().skip(1).forEach(id -> stands.put(id, Stand.DONE));
        }
        assertThat(rollout()).contains("state=completed", "admitted=4, done=3");

        away.clear();
        allDone();

        assertThat(progress().done()).isEqualTo(4);
    }

    @Test
    void oneThatCantGoOnDoesNotKeepTheOthersFromIt() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        String other = Sample.service(fleet, customer, "other", 1);
        data(fleet.ask(
                "mutation { DM_set_rollout_policy(node_service_id: \"" + other + "\", policy: {phases: [{}]}) }"));
        Sample.version(fleet, other, 2);

        fleet.turns.advance(id -> {
            if (id.equals(service)) {
                throw new IllegalStateException("its reports can't be read");
            }
            return reports();
        });

        assertThat(rollouts())
                .as("the other has nobody, so that it is over")
                .contains("state=completed", "state=running");
    }

    @Test
    void newerVersionSupersedesAndTwoAtOnceAreRefused() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        advance();
        assertThat(code(fleet.ask("mutation { DM_start_rollout(node_service_id: \"" + service + "\") }")))
                .isEqualTo("rollout.active");

        Sample.version(fleet, service, 3);

        assertThat(rollouts()).contains("state=superseded", "state=running");
        data(fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + service + "\", policy: null) }"));
        Sample.version(fleet, service, 4);
        assertThat(told()).containsOnly(4L);
        assertThat(code(fleet.ask("mutation { DM_start_rollout(node_service_id: \"" + service + "\") }")))
                .isEqualTo("rollout.nothing");
    }

    @Test
    void manualRollOutWaitsUntilItIsStarted() {
        policy("{manual: true, phases: [{}]}");
        Sample.version(fleet, service, 2);
        advance();
        assertThat(told()).containsOnly(1L);

        data(fleet.ask("mutation { DM_start_rollout(node_service_id: \"" + service + "\", policy: " + HALVES + ") }"));
        advance();

        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
    }

    @Test
    void phaseThatNeedsApprovalBeginsWithIt() {
        policy("{phases: [{count: 1}, {approval: true}]}");
        Sample.version(fleet, service, 2);
        advance();
        allDone();
        advance();
        advance();
        assertThat(rollout()).contains("state=awaiting-approval");
        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 1L, 2L);

        data(fleet.ask("mutation { DM_approve_rollout(rollout_id: \"" + id() + "\") }"));
        advance();

        assertThat(told()).containsOnly(2L);
    }

    @Test
    void devicesThatAreAwayDontBlockItAndJoinWhenTheyAreBack() {
        policy("{phases: [{percent: 50, at_once: 1}, {at_once: 1}]}");
        String gone = instances.getFirst();
        away.add(gone);
        Sample.version(fleet, service, 2);
        for (int i = 0; i < 10; i++) {
            advance();
            instances.stream().filter(id -> !away.contains(id)).forEach(id -> stands.put(id, Stand.DONE));
        }

        assertThat(rollout()).contains("state=completed", "total=4, admitted=4, done=3");
        assertThat(told()).as("it is told as soon as it is back").containsOnly(2L);
    }

    @Test
    void instanceThatIsAddedAmidItGetsTheEarlierVersionAndJoinsTheLastPhaseAndOneThatIsPinnedLeaves() {
        policy("{phases: [{count: 1}, {}]}");
        Sample.version(fleet, service, 2);
        advance();
        add("late");
        assertThat(told().getLast()).isEqualTo(1L);
        String pinned = instances.get(told().indexOf(1L));
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + pinned + "\"], version_target_selector: {value: \"version:1\"}) }"));

        for (int i = 0; i < 4; i++) {
            allDone();
            advance();
        }

        assertThat(rollout()).contains("state=completed", "total=4");
        assertThat(told().stream().filter(v -> v == 1)).hasSize(1);
    }

    @Test
    void whatIsAnothersIsAsIfItWerentThereAndWhatMakesNoSenseIsRefused() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        String other = fleet.customer("south");
        for (String verb : List.of("pause", "resume", "abort", "revert", "approve")) {
            assertThat(code(fleet.askAs(other, "mutation { DM_" + verb + "_rollout(rollout_id: \"" + id() + "\") }")))
                    .isEqualTo("rollout.unknown");
        }
        assertThat(code(fleet.askAs(other, "mutation { DM_start_rollout(node_service_id: \"" + service + "\") }")))
                .isEqualTo("service.unknown");
        assertThat(data(fleet.askAs(other, "{ DM_get_rollout(rollout_id: \"" + id() + "\") { state } }"))
                        .toString())
                .contains("null");
        assertThat(code(tryPolicy("{phases: []}"))).isEqualTo("rollout.phases");
        assertThat(code(tryPolicy("{phases: [{percent: 101}]}"))).isEqualTo("input.out-of-range");
        assertThat(code(tryPolicy("{phases: [{labels: [{name: \"site\", value: \"no device's\"}]}]}")))
                .isEqualTo("node.label-malformed");
    }

    @Test
    void everyChangeIsALineOfTheAuditLogAlsoThoseItMakesByItself() {
        policy("{phases: [{}]}");
        Sample.version(fleet, service, 2);
        advance();
        allDone();
        advance();

        assertThat(data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                                + "\") { entries { actor_kind operation } } }"))
                        .toString())
                .contains(
                        "operation=DM_set_rollout_policy",
                        "operation=DM_start_rollout",
                        "actor_kind=control-plane, operation=rollout.completed");
    }

    @Test
    void whyItWasPausedStandsInTheAuditLog() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        advance();
        stands.put(first(2L), Stand.FAILED);
        advance();

        assertThat(data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                                + "\") { entries { operation after } } }"))
                        .toString())
                .containsPattern("operation=rollout.paused, after=[^}]*failed on 1 of 2");
    }

    @Test
    void aCrashAmidADecisionLeavesNothingOfIt() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        String before = rollout();

        // The last thing that the work does is what fails: all before it is undone.
        var broken = new RolloutTurns(
                fleet.storage,
                InstantSource.system(),
                (h, ids) -> {
                    throw new IllegalStateException("the power went");
                },
                fleet.audit,
                fleet.events);
        broken.advance(id -> reports());

        assertThat(rollout()).isEqualTo(before);
        assertThat(told()).containsOnly(1L);
        advance();
        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
    }
}
