package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutCommandsTest {
    private static final String SERVICE = "0190bbbb-0000-7000-8000-000000000001";
    private static final String ROLLOUT = "0190eeee-0000-7000-8000-000000000001";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        Map<String, Object> rollout = Sample.phased(ROLLOUT, SERVICE, "paused", "It failed on 2 devices.");
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("DM_get_node_services", Sample.page("services", null))
                .answering("DM_get_rollouts", Sample.page("rollouts", null, rollout))
                .answering("DM_set_rollout_policy", SERVICE)
                .answering("DM_start_rollout", ROLLOUT);
        for (String verb : List.of("pause", "resume", "approve", "abort", "revert")) {
            cloud.answering("DM_" + verb + "_rollout", ROLLOUT);
        }
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void rollOutsAreListedWithHowFarTheyAreAndWhyNotFurther() {
        Operator.Result result = operator.runs("rollout", "ls", SERVICE);

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("paused", "1 of 2", "3 of 40", "It failed on 2 devices.");
    }

    @Test
    void whoFailedAndWhyIsAskedForByState() {
        Map<String, Object> failed =
                Sample.rolledBack(Sample.instance(Sample.WEB_ON_BUOY, Sample.BUOY, "buoy", "trial", 5, 6));
        cloud.answering(
                "DM_get_rollout",
                Map.of(
                        "members",
                        Sample.page(
                                "members",
                                null,
                                Map.of(
                                        "phase",
                                        2,
                                        "state",
                                        "failed",
                                        "admitted",
                                        true,
                                        "before_version",
                                        4,
                                        "instance",
                                        failed))));

        Operator.Result result =
                operator.runs("rollout", "members", SERVICE, "--state", "failed,unreachable", "--phase", "2");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).containsPattern("buoy +2 +failed +4 +5 +The container ended with exit code 3");
        Map<?, ?> asked = cloud.lastVariables();
        assertThat(asked.get("rollout_id")).isEqualTo(ROLLOUT);
        assertThat(asked.get("phase")).hasToString("2");
        assertThat(asked.get("states"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder("failed", "unreachable");
    }

    @Test
    void stateThatThereIsntIsRefusedWithThoseThatThereAre() {
        Operator.Result result = operator.runs("rollout", "members", SERVICE, "--state", "lost");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--state", "lost", "UNREACHABLE");
    }

    @Test
    void phasesAreSaidAsTheyAreTyped() {
        assertThat(operator.runs(
                                "rollout",
                                "policy",
                                SERVICE,
                                "--phase",
                                "5 label=canary=yes soak=60 update=7200",
                                "--phase",
                                "20% success=95 failure=5 at-once=50",
                                "--phase",
                                "rest approval",
                                "--manual")
                        .code())
                .isZero();

        Map<?, ?> asked = cloud.asked("DM_set_rollout_policy").getFirst();
        assertThat(asked.get("policy")).isInstanceOfSatisfying(Map.class, policy -> {
            assertThat(policy.get("manual")).isEqualTo(true);
            assertThat((List<?>) policy.get("phases"))
                    .extracting(Object::toString)
                    .satisfiesExactly(
                            canaries -> assertThat(canaries)
                                    .contains(
                                            "count=5",
                                            "name=canary",
                                            "value=yes",
                                            "soak_seconds=60",
                                            "update_seconds=7200"),
                            some -> assertThat(some)
                                    .contains("percent=20", "success_percent=95", "failure_percent=5", "at_once=50"),
                            rest -> assertThat(rest).contains("approval=true").doesNotContain("count=", " percent="));
        });
    }

    @Test
    void whatIsDoneIsDoneWithTheServicesNewestRollOut() {
        for (String verb : List.of("pause", "resume", "approve", "abort", "revert")) {
            assertThat(operator.runs("rollout", verb, SERVICE).code()).isZero();
            assertThat(cloud.asked("DM_" + verb + "_rollout")).containsExactly(Map.of("rollout_id", ROLLOUT));
        }
        assertThat(operator.runs("rollout", "start", SERVICE).code()).isZero();
        assertThat(cloud.asked("DM_start_rollout")).containsExactly(Map.of("node_service_id", SERVICE));
    }

    @Test
    void whatIsNoPhaseIsRefusedBeforeAnythingIsAsked() {
        assertThat(operator.runs("rollout", "policy", SERVICE, "--phase", "some")
                        .code())
                .isEqualTo(2);
        assertThat(operator.runs("rollout", "policy", SERVICE).code()).isEqualTo(2);
        assertThat(operator.runs("rollout", "policy", SERVICE, "--none", "--phase", "5")
                        .code())
                .isEqualTo(2);
        assertThat(cloud.asked("DM_set_rollout_policy")).isEmpty();
    }
}
