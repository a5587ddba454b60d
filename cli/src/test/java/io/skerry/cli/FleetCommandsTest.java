package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The commands about devices and services, and what is so of all commands. */
class FleetCommandsTest extends FleetScene {
    @Test
    void nodesAreListedForPeopleAndForScripts() throws IOException {
        shows("node-ls.txt", "node", "ls");
        shows("node-ls.json", "node", "ls", "--output", "json");
    }

    @Test
    void aNodeIsShownForPeopleAndForScripts() throws IOException {
        shows("node-show.txt", "node", "show", "quay");
        shows("node-show.json", "-o", "json", "node", "show", "quay");
    }

    @Test
    void aNodeTellsWhatItIsDoingAndWhatWasDoneAboutVolumes() throws IOException {
        Map<String, Object> held = Sample.instance(Sample.WEB_ON_QUAY, Sample.QUAY, "quay", "put-off", 1, 2);
        held.put(
                "reason",
                Map.of(
                        "container", "",
                        "code", "update.put-off",
                        "message", "The update is put off: wait while web holds its update lock, at most 600 s.",
                        "remedy", "It goes on once the lock is given back.",
                        "log_tail", List.of()));
        Map<String, Object> quay = Sample.putOff(Sample.QUAY, "quay");
        quay.put(
                "instances",
                List.of(
                        held,
                        Sample.instance(Sample.WEB_ON_BUOY, Sample.QUAY, "quay", "mounted", 2, 2),
                        Sample.instance(
                                "0190dddd-0000-7000-8000-000000000003", Sample.QUAY, "quay", "given-up", 2, 2)));
        cloud.answering("DM_get_node", quay);
        shows("node-show-put-off.txt", "node", "show", "quay");
        shows("node-show-put-off.json", "node", "show", "quay", "-o", "json");
    }

    @Test
    void aServicesSettingsAreShownInWords() throws IOException {
        cloud.answering("DM_get_node_service", Sample.recorder());
        shows("service-show-settings.txt", "service", "show", "web");
        shows("service-show-settings.json", "service", "show", "web", "-o", "json");
    }

    @Test
    void servicesAreListedForPeopleAndForScripts() throws IOException {
        shows("service-ls.txt", "service", "ls");
        shows("service-ls.json", "service", "ls", "-o", "json");
    }

    @Test
    void aServiceIsShownForPeopleAndForScripts() throws IOException {
        shows("service-show.txt", "service", "show", "web");
        shows("service-show.json", "service", "show", Sample.WEB, "-o", "json");
    }

    @Test
    void theStatusNamesWhatIsNotWellAndWhy() throws IOException {
        shows("status.txt", "status");
        shows("status.json", "status", "-o", "json");
    }

    @Test
    void aRolloutIsShownWithTheReasonsOfItsFailures() throws IOException {
        shows("rollout-show.txt", "rollout", "show", "web");
        shows("rollout-show.json", "rollout", "show", "web", "-o", "json");
    }

    @Test
    void aNarrowTerminalGetsColoursAndNoIds() throws IOException {
        operator.atTerminal();
        shows("instance-ls-terminal.txt", "instance", "ls");
        assertThat(operator.runs("instance", "ls", "--no-color").out()).doesNotContain("\u001b");
        assertThat(operator.with("NO_COLOR", "1").runs("instance", "ls").out()).doesNotContain("\u001b");
    }

    @Test
    void anUnknownNameSuggestsTheNearest() {
        Operator.Result result = operator.runs("node", "show", "qua");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("skerry: There is no node 'qua'. Did you mean quay?\n");
    }

    @Test
    void aClaimTokenStandsAloneOnTheOutput() {
        Operator.Result result = operator.runs("node", "claim", "--name", "pier", "--uses", "3");
        assertThat(result.out()).isEqualTo("skc1_token\n");
        assertThat(result.err()).contains("shown once");
        assertThat(cloud.asked("DM_create_claim_token").getFirst())
                .containsEntry("node_name", "pier")
                .containsEntry("uses", 3);
    }

    @Test
    void aNodeLeavesItsGroupOnlyAfterAYesOnATerminal() {
        operator.atTerminal().refusing();

        assertThat(operator.runs("node", "set", "quay", "--group", "/").code()).isEqualTo(2);

        assertThat(cloud.asked("DM_update_node")).isEmpty();
    }

    @Test
    void aNodeIsForgottenOnlyAfterAYesOnATerminal() {
        operator.atTerminal().refusing();
        assertThat(operator.runs("node", "rm", "quay").code()).isEqualTo(2);
        assertThat(cloud.asked("DM_remove_node")).isEmpty();
        assertThat(operator.runs("node", "rm", "quay", "--yes").code()).isZero();
        assertThat(cloud.asked("DM_remove_node")).containsExactly(Map.of("node_id", Sample.QUAY));
    }

    @Test
    void aRolloutsInstancesOnLaterPagesAreShownToo() {
        Map<String, Object> first = new HashMap<>(Sample.rollout(2, 1, 0, 1));
        first.put("total", 2);
        first.put(
                "instances",
                Sample.page(
                        "instances", "i-1", Sample.instance(Sample.WEB_ON_QUAY, Sample.QUAY, "quay", "healthy", 2, 2)));
        Map<String, Object> second = Map.of(
                "instances",
                Sample.page(
                        "instances", null, Sample.instance(Sample.WEB_ON_BUOY, Sample.BUOY, "buoy", "trial", 1, 2)));
        Iterator<Map<String, Object>> answers = List.of(first, second).iterator();
        cloud.answering("DM_get_node_service_rollout", a -> answers.next());
        assertThat(operator.runs("rollout", "show", "web").out())
                .contains("quay")
                .contains("buoy");
        assertThat(answers.hasNext()).isFalse();
    }

    @Test
    void aServicesVersionsOnLaterPagesAreShownToo() {
        Map<String, Object> first = new HashMap<>(Sample.service(Sample.WEB, "web", 2));
        first.put("versions", Sample.page("versions", "2", Sample.version("web", 2)));
        Map<String, Object> second = Map.of("versions", Sample.page("versions", null, Sample.version("web", 1)));
        Iterator<Map<String, Object>> answers = List.of(first, second).iterator();
        cloud.answering("DM_get_node_service", a -> answers.next());
        assertThat(operator.runs("service", "show", "web").out())
                .contains("registry.example/edge/web:2")
                .contains("registry.example/edge/web:1");
        assertThat(answers.hasNext()).isFalse();
    }

    @Test
    void allPagesAreFetched() {
        cloud.answering(
                "DM_get_nodes",
                a -> a.get("cursor") == null
                        ? Sample.page("nodes", "next", Sample.node(Sample.QUAY, "quay", true))
                        : Sample.page("nodes", null, Sample.node(Sample.BUOY, "buoy", true)));
        assertThat(operator.runs("node", "ls").out().lines()).hasSize(3);
    }

    @Test
    void aProblemOfTheCloudIsOneSentenceWithWhatToDo() {
        cloud.refusing(
                "DM_add_node_service_instance",
                new Problem("instance.architecture-missing", "web has no image for arm64.", "Import one."));
        Operator.Result people = operator.runs("instance", "add", "--service", "web", "--node", "quay");
        assertThat(people.code()).isEqualTo(1);
        assertThat(people.out()).isEmpty();
        assertThat(people.err()).isEqualTo("skerry: web has no image for arm64. Import one.\n");
        Operator.Result script =
                operator.runs("instance", "add", "--service", "web", "--node", "quay", "--output", "json");
        assertThat(script.out()).isEmpty();
        assertThat(script.err())
                .isEqualTo("{\"error\":{\"code\":\"instance.architecture-missing\",\"message\":\"web has no image for"
                        + " arm64.\",\"remedy\":\"Import one.\"}}\n");
    }

    @Test
    void whatAKeyMayNotDoEndsWithItsOwnCode() {
        cloud.refusing("Authz_create_customer", new Problem("api-key.not-enough", "This key may not make customers."));
        assertThat(operator.runs("customer", "add", "x").code()).isEqualTo(4);
    }

    @Test
    void aLogIsCopiedAsItIs() {
        cloud.logging("one\n\u001b[32mtwo\u001b[0m\nunfinished");
        Operator.Result people = operator.runs("logs", "web@quay", "-f", "--tail", "5");
        assertThat(people.out()).isEqualTo("one\n\u001b[32mtwo\u001b[0m\nunfinished");
        assertThat(cloud.asked("/api/v1/logs/" + Sample.WEB_ON_QUAY + "?follow=true&tail=5"))
                .hasSize(1);
        assertThat(operator.runs("instance", "logs", Sample.WEB_ON_QUAY, "-o", "json")
                        .out())
                .startsWith("{\"line\":\"one\"}\n");
    }

    @Test
    void versionsAreComparedRetiredAndRemoved() throws IOException {
        cloud.answering(
                        "DM_get_node_service_difference",
                        List.of(
                                Map.of("field", "environment.GREETING", "after", "hello"),
                                Map.of("field", "memory_mb", "before", "128", "after", "64")))
                .answering("DM_retire_node_service_version", Sample.WEB)
                .answering("DM_remove_node_service_version", Sample.WEB)
                .answering("DM_remove_node_service", Sample.WEB);

        shows("service-diff.txt", "service", "diff", "web", "1", "2");
        assertThat(operator.runs("service", "retire", "web", "2").out()).isEqualTo("web version 2 is retired.\n");
        operator.runs("service", "retire", "web", "2", "--undo");
        operator.runs("service", "rm", "web", "1");
        operator.runs("service", "rm", "web");

        assertThat(cloud.asked("DM_retire_node_service_version"))
                .containsExactly(
                        Map.of("node_service_id", Sample.WEB, "container_version", 2, "retired", true),
                        Map.of("node_service_id", Sample.WEB, "container_version", 2, "retired", false));
        assertThat(cloud.asked("DM_remove_node_service_version"))
                .containsExactly(Map.of("node_service_id", Sample.WEB, "container_version", 1));
        assertThat(cloud.asked("DM_remove_node_service")).containsExactly(Map.of("node_service_id", Sample.WEB));
    }
}
