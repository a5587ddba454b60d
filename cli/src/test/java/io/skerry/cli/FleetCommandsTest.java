package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetCommandsTest {
    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        Map<String, Object> onQuay = Sample.instance(Sample.WEB_ON_QUAY, Sample.QUAY, "quay", "healthy", 2, 2);
        Map<String, Object> onBuoy =
                Sample.rolledBack(Sample.instance(Sample.WEB_ON_BUOY, Sample.BUOY, "buoy", "trial", 1, 2));
        Map<String, Object> quay = new HashMap<>(Sample.node(Sample.QUAY, "quay", true));
        quay.put("instances", List.of(onQuay));
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("DM_get_node_services", Sample.page("services", null, Sample.service(Sample.WEB, "web", 2)))
                .answering("DM_get_node_service", Sample.service(Sample.WEB, "web", 2))
                .answering("DM_get_nodes", Sample.page("nodes", null, quay, Sample.node(Sample.BUOY, "buoy", false)))
                .answering("DM_get_node", quay)
                .answering("DM_get_node_service_instances", Sample.page("instances", null, onQuay, onBuoy))
                .answering("DM_get_node_service_instance", onQuay)
                .answering("DM_update_node_service_instance_rollout_config", a -> a.get("node_service_instance_ids"))
                .answering("DM_remove_node_service_instances", a -> a.get("node_service_instance_ids"))
                .answering("DM_retry_node_service_instances", a -> a.get("node_service_instance_ids"))
                .answering("DM_add_node_service_instance", Sample.WEB_ON_QUAY)
                .answering("DM_create_claim_token", "skc1_token")
                .answering("DM_remove_node", Sample.QUAY)
                .answering("Authz_create_customer", Sample.CUSTOMER)
                .answering("Authz_create_api_key", "skk_new")
                .answering("Authz_revoke_api_key", "key-1")
                .answering("DM_get_node_service_rollout", Sample.rollout(2, 1, 0, 1, onQuay, onBuoy));
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void shows(String golden, String... arguments) throws IOException {
        Operator.Result result = operator.runs(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.matches(golden, result.out().replace(cloud.url(), "https://cloud.example:7443"));
    }

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
    void instancesAreListedForPeopleAndForScripts() throws IOException {
        shows("instance-ls.txt", "instance", "ls");
        shows("instance-ls.json", "instance", "ls", "-o", "json");
        shows("instance-show.txt", "instance", "show", "web@quay");
    }

    @Test
    void instancesAreListedOfOneServiceOnOneNode() {
        operator.runs("instance", "ls", "--service", "web", "--node", "quay");
        assertThat(cloud.asked("DM_get_node_service_instances").getFirst())
                .containsEntry("node_service_id", Sample.WEB)
                .containsEntry("node_id", Sample.QUAY);
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
    void aServiceIsPutOnANodeByTheirNames() {
        Operator.Result result = operator.runs("instance", "add", "--service", "web", "--node", "quay", "--pin", "2");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("web is put on quay (instance " + Sample.WEB_ON_QUAY + ").\n");
        assertThat(cloud.asked("DM_add_node_service_instance"))
                .containsExactly(Map.of(
                        "node_service_id",
                        Sample.WEB,
                        "node_id",
                        Sample.QUAY,
                        "version_target_selector",
                        Map.of("value", "version:2")));
    }

    @Test
    void anInstanceFollowsTheLatestAgainByANullValue() {
        assertThat(operator.runs("instance", "pin", "web@quay", "latest").out())
                .isEqualTo("web on quay follows the latest version.\n");
        Map<String, Object> asked =
                cloud.asked("DM_update_node_service_instance_rollout_config").getFirst();
        assertThat(asked.get("node_service_instance_ids")).isEqualTo(List.of(Sample.WEB_ON_QUAY));
        assertThat(String.valueOf(asked.get("version_target_selector"))).isEqualTo("{value=null}");
    }

    @Test
    void anInstanceIsPinnedAndDisabled() {
        assertThat(operator.runs("instance", "pin", "web@buoy", "1").out())
                .isEqualTo("web on buoy follows version 1.\n");
        assertThat(operator.runs("instance", "pin", "web@buoy", "disabled").out())
                .contains("what runs there now is left alone");
        assertThat(cloud.asked("DM_update_node_service_instance_rollout_config"))
                .extracting(a -> String.valueOf(a.get("version_target_selector")))
                .containsExactly("{value=version:1}", "{value=disabled}");
    }

    @Test
    void aChoiceOfVersionThatIsNoneIsAUsageError() {
        Operator.Result result = operator.runs("instance", "pin", "web@quay", "newest");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "skerry: 'newest' is not a choice of version. Write latest, a version's number, or disabled.\n");
    }

    @Test
    void aNameOfSeveralInstancesIsRefusedAndTheyAreNamed() {
        Operator.Result result = operator.runs("instance", "rm", "web");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("web@quay, web@buoy").contains("Name the device too");
        assertThat(cloud.asked("DM_remove_node_service_instances")).isEmpty();
    }

    @Test
    void aKeyOfOneDeviceNamesItsInstancesThoughItSeesNoServices() {
        cloud.refusing("DM_get_node_services", new Problem("customer.unknown", "There is no customer."));

        assertThat(operator.runs("instance", "retry", "web@quay").code()).isZero();
        assertThat(cloud.asked("DM_retry_node_service_instances"))
                .containsExactly(Map.of("node_service_instance_ids", List.of(Sample.WEB_ON_QUAY)));
    }

    @Test
    void oneWrongNameAmongSeveralChangesNothing() {
        Operator.Result result = operator.runs("instance", "rm", "web@quay", "web@nowhere");
        assertThat(result.code()).isEqualTo(1);
        assertThat(cloud.asked("DM_remove_node_service_instances")).isEmpty();
    }

    @Test
    void instancesAreRemovedAndRetried() throws IOException {
        shows("instance-rm.json", "instance", "rm", "web@quay", "web@buoy", "-o", "json");
        assertThat(operator.runs("instance", "retry", "web@buoy").out()).isEqualTo("web is tried again on buoy.\n");
        assertThat(cloud.asked("DM_retry_node_service_instances"))
                .containsExactly(Map.of("node_service_instance_ids", List.of(Sample.WEB_ON_BUOY)));
    }

    @Test
    void configurationIsReadFromAFileOrTheStandardInputAndNeverShown(@TempDir Path folder) throws IOException {
        cloud.answering("DM_set_node_service_instance_config", a -> a.get("node_service_instance_id"))
                .answering("DM_remove_node_service_instance_config", a -> a.get("node_service_instance_id"));
        Path file = Files.writeString(folder.resolve("key"), "the-key\n");

        Operator.Result result =
                operator.runs("instance", "config", "set", "web@quay", "/etc/key", "--from", file.toString());

        assertThat(result.out()).isEqualTo("web on quay has /etc/key (8 bytes).\n");
        assertThat(cloud.asked("DM_set_node_service_instance_config").toString())
                .contains(
                        Sample.WEB_ON_QUAY, "path=/etc/key", "mode=0400", "secret=true", "content_base64=dGhlLWtleQo=");
        assertThat(operator.runs("instance", "config", "rm", "web@quay", "/etc/key", "/etc/b")
                        .out())
                .isEqualTo("web on quay has no /etc/key, /etc/b any more.\n");
        assertThat(operator.runs("instance", "config", "set", "web@quay", "/etc/key")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void anInstancesConfigurationIsListed() throws IOException {
        Map<String, Object> plain = Map.of(
                "path",
                "/etc/app.conf",
                "mode",
                "0644",
                "secret",
                false,
                "digest",
                "sha256:" + "ab".repeat(32),
                "size",
                8,
                "changed_at",
                Sample.NOW - 180_000L,
                "content_base64",
                "cG9ydD0xCg==");
        Map<String, Object> key = new HashMap<>(plain);
        key.putAll(Map.of("path", "/etc/key", "mode", "0400", "secret", true));
        key.put("digest", null);
        key.put("size", null);
        key.put("content_base64", null);
        cloud.answering("DM_get_node_service_instance_config", a -> List.of(plain, key));

        shows("instance-config-ls.txt", "instance", "config", "ls", "web@quay");
    }

    @Test
    void aRetryOfWhatDidNotFailSaysSo() {
        assertThat(operator.runs("instance", "retry", "web@quay").out())
                .isEqualTo(
                        "web on quay is healthy, so there is nothing of it to try again; what else was held back there"
                                + " is.\n");
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
    void customersAndKeysAreMadeAndListed() throws IOException {
        cloud.answering(
                "Authz_get_api_keys",
                Sample.page(
                        "api_keys",
                        null,
                        Map.of(
                                "api_key_id",
                                "key-1",
                                "name",
                                "ci",
                                "role",
                                "deployer",
                                "created_at",
                                Sample.NOW,
                                "revoked_at",
                                Sample.NOW),
                        Map.of(
                                "api_key_id",
                                "key-2",
                                "name",
                                "screen",
                                "role",
                                "viewer",
                                "node_id",
                                Sample.QUAY,
                                "created_at",
                                Sample.NOW,
                                "expires_at",
                                Sample.NOW + 86_400_000L * 7)));
        shows("customer-ls.txt", "customer", "ls");
        shows("key-ls.txt", "key", "ls");
        assertThat(operator.runs("customer", "add", "harbour").out()).contains(Sample.CUSTOMER);
        assertThat(operator.runs("key", "add", "ci").out()).isEqualTo("skk_new\n");
        operator.runs("key", "add", "root", "--installation", "--role", "admin");
        operator.runs("key", "add", "screen", "--node", "quay", "--valid-days", "7");
        assertThat(operator.runs("key", "revoke", "key-1").code()).isZero();
        assertThat(cloud.asked("Authz_create_api_key"))
                .containsExactly(
                        Map.of("customer_id", Sample.CUSTOMER, "name", "ci", "role", "viewer"),
                        Map.of("name", "root", "role", "admin"),
                        Map.of(
                                "customer_id",
                                Sample.CUSTOMER,
                                "name",
                                "screen",
                                "role",
                                "viewer",
                                "node_id",
                                Sample.QUAY,
                                "valid_minutes",
                                7L * 24 * 60));
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
    void aCustomerIsRenamedByItsName() {
        cloud.answering("Authz_rename_customer", Sample.CUSTOMER);

        assertThat(operator.runs("customer", "rename", "harbour", "port").out()).contains("harbour is named port now");

        assertThat(cloud.asked("Authz_rename_customer"))
                .containsExactly(Map.of("customer_id", Sample.CUSTOMER, "name", "port"));
    }

    @Test
    void customersOnLaterPagesAreKnownToo() {
        cloud.answering(
                "Authz_get_customers",
                a -> a.get("cursor") == null
                        ? Sample.page("customers", "c-1", Sample.customer("c-1", "harbour"))
                        : Sample.page("customers", null, Sample.customer("c-2", "lighthouse")));
        operator.runs("node", "ls", "--customer", "lighthouse");
        assertThat(cloud.asked("DM_get_nodes").getFirst()).containsEntry("customer_id", "c-2");
    }

    @Test
    void keysOnLaterPagesAreListedToo() {
        cloud.answering(
                "Authz_get_api_keys",
                a -> a.get("cursor") == null
                        ? Sample.page("api_keys", "key-1", key("key-1", "ci"))
                        : Sample.page("api_keys", null, key("key-2", "screen")));
        assertThat(operator.runs("key", "ls").out()).contains("ci").contains("screen");
        assertThat(cloud.asked("Authz_get_api_keys"))
                .extracting(a -> a.get("cursor"))
                .containsExactly(null, "key-1");
    }

    private static Map<String, Object> key(String id, String name) {
        return Map.of("api_key_id", id, "name", name, "role", "viewer", "created_at", Sample.NOW);
    }

    @Test
    void severalCustomersNeedAChoice() {
        cloud.answering(
                "Authz_get_customers",
                Sample.page(
                        "customers", null, Sample.customer("c-1", "harbour"), Sample.customer("c-2", "lighthouse")));
        Operator.Result result = operator.runs("node", "ls");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("harbour, lighthouse").contains("--customer");
        operator.runs("node", "ls", "--customer", "lighthouse");
        assertThat(cloud.asked("DM_get_nodes").getFirst()).containsEntry("customer_id", "c-2");
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
