package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** API keys that instances find in their containers. */
class InstanceKeyCommandsTest {
    private static final String FIRST = "0190abab-0000-7000-8000-000000000001";
    private static final String SECOND = "0190abab-0000-7000-8000-000000000002";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("DM_get_nodes", Sample.page("nodes", null, Sample.node(Sample.QUAY, "quay", true)))
                .answering("DM_get_node_services", Sample.page("services", null, Sample.service(Sample.WEB, "web", 2)))
                .answering(
                        "DM_get_node_service_instances",
                        Sample.page(
                                "instances",
                                null,
                                Sample.instance(Sample.WEB_ON_QUAY, Sample.QUAY, "quay", "healthy", 2, 2)))
                .answering(
                        "DM_get_injected_api_keys",
                        List.of(
                                key(FIRST, "/run/secrets/skerry-api-key", null, 10_080, 0),
                                key(SECOND, "/etc/cloud.key", 43_200L, 90, 2)))
                .answering("DM_inject_api_key", FIRST)
                .answering("DM_update_injected_api_key", FIRST)
                .answering("DM_rotate_injected_api_key", FIRST)
                .answering("DM_remove_injected_api_key", FIRST);
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static Map<String, Object> key(String id, String path, @Nullable Long every, long overlap, int earlier) {
        Map<String, Object> key = new HashMap<>();
        key.put("injected_api_key_id", id);
        key.put("node_service_instance_id", Sample.WEB_ON_QUAY);
        key.put("path", path);
        key.put("mode", "0400");
        key.put("role", "viewer");
        key.put("whole_customer", earlier > 0);
        key.put("rotate_minutes", every);
        key.put("overlap_minutes", overlap);
        key.put("created_at", Sample.NOW - 3_600_000L);
        key.put("rotated_at", Sample.NOW - 600_000L);
        key.put("api_key_id", id.replace("abab", "acac"));
        key.put(
                "earlier",
                List.of(
                                Map.of("api_key_id", "k-1", "good_until", Sample.NOW + 60_000L),
                                Map.of("api_key_id", "k-2", "good_until", Sample.NOW + 60_000L))
                        .subList(0, earlier));
        return key;
    }

    private void shows(String golden, String... arguments) throws IOException {
        Operator.Result result = operator.runs(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.matches(golden, result.out());
    }

    @Test
    void anInstancesKeysAreListedForPeopleAndForScripts() throws IOException {
        shows("instance-key-ls.txt", "instance", "key", "ls", "web@quay");
        shows("instance-key-ls.json", "instance", "key", "ls", "web@quay", "-o", "json");
    }

    @Test
    void aKeyIsMadeForAnInstanceAndNotShown() {
        assertThat(operator.runs("instance", "key", "add", "web@quay").out())
                .isEqualTo("web on quay finds a viewer's key in /run/secrets/skerry-api-key.\n");
        operator.runs(
                "instance",
                "key",
                "add",
                "web@quay",
                "--role",
                "deployer",
                "--whole-customer",
                "--path",
                "/etc/cloud.key",
                "--mode",
                "0440",
                "--rotate-days",
                "30",
                "--overlap-hours",
                "48");

        assertThat(cloud.asked("DM_inject_api_key").getLast())
                .containsEntry("role", "deployer")
                .containsEntry("whole_customer", true)
                .containsEntry("path", "/etc/cloud.key")
                .containsEntry("mode", "0440")
                .containsEntry("rotate_minutes", 43_200L)
                .containsEntry("overlap_minutes", 2_880L);
    }

    @Test
    void theKeyIsNamedByItsPathWhereThereAreSeveral() {
        Operator.Result several = operator.runs("instance", "key", "rotate", "web@quay");
        assertThat(several.err()).contains("has several API keys: /run/secrets/skerry-api-key, /etc/cloud.key.");
        assertThat(operator.runs("instance", "key", "rotate", "web@quay", "/etc/other")
                        .err())
                .contains("has no API key in /etc/other.");

        assertThat(operator.runs("instance", "key", "rotate", "web@quay", "/etc/cloud.key", "--revoke")
                        .out())
                .isEqualTo("web on quay gets another key; the old one is revoked.\n");
        assertThat(cloud.asked("DM_rotate_injected_api_key"))
                .containsExactly(Map.of("injected_api_key_id", SECOND, "overlap_minutes", 0L));
    }

    @Test
    void howAKeyIsRotatedIsChangedAndAKeyIsTakenAway() {
        assertThat(operator.runs("instance", "key", "set", "web@quay", "/etc/cloud.key")
                        .code())
                .isEqualTo(2);
        operator.runs("instance", "key", "set", "web@quay", "/etc/cloud.key", "--rotate-days", "0");
        operator.runs("instance", "key", "rm", "web@quay", "/etc/cloud.key");

        assertThat(cloud.asked("DM_update_injected_api_key").getFirst())
                .containsEntry("injected_api_key_id", SECOND)
                .containsEntry("rotate_minutes", null);
        assertThat(cloud.asked("DM_remove_injected_api_key")).containsExactly(Map.of("injected_api_key_id", SECOND));
    }
}
