package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceCommandsTest extends FleetScene {
    @Test
    void instancesAreListedForPeopleAndForScripts() throws IOException {
        shows("instance-ls.txt", "instance", "ls");
        shows("instance-ls.json", "instance", "ls", "-o", "json");
        shows("instance-show.txt", "instance", "show", "web@quay");
    }

    @Test
    void anInstanceIsShownWithWhatHappenedToItOfLate() throws IOException {
        cloud.answering("DM_get_events", Sample.page("events", null, committed(1), committed(2)));

        shows("instance-show-events.txt", "instance", "show", "web@quay");

        assertThat(cloud.asked("DM_get_events").getFirst())
                .containsEntry("node_service_instance_id", Sample.WEB_ON_QUAY)
                .containsEntry("take", 5);
    }

    private static Map<String, Object> committed(int minutesAgo) {
        Map<String, Object> event = new HashMap<>();
        event.put("event_id", "0190ffff-0000-7000-8000-0000000000e" + minutesAgo);
        event.put("at", Sample.NOW - minutesAgo * 60_000L);
        event.put("type", "instance.update_committed");
        event.put("version", 1);
        event.put("data", "{\"node_name\":\"quay\",\"service_name\":\"web\",\"version\":2}");
        return event;
    }

    @Test
    void eventsAreListedOfOneInstance() {
        operator.runs("event", "ls", "--instance", "web@quay");
        operator.runs("event", "ls", "--instance", Sample.WEB_ON_BUOY);

        assertThat(cloud.asked("DM_get_events").stream().map(a -> a.get("node_service_instance_id")))
                .containsExactly(Sample.WEB_ON_QUAY, Sample.WEB_ON_BUOY);
    }

    @Test
    void instancesAreListedOfOneServiceOnOneNode() {
        operator.runs("instance", "ls", "--service", "web", "--node", "quay");
        assertThat(cloud.asked("DM_get_node_service_instances").getFirst())
                .containsEntry("node_service_id", Sample.WEB)
                .containsEntry("node_id", Sample.QUAY);
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
}
