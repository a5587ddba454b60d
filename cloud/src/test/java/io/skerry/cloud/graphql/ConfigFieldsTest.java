package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Contents;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.status.Capabilities;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files of single instances. */
@Tag(TestDatabase.TAG)
class ConfigFieldsTest {
    private static final String SECRET = "the-key-of-the-house";
    private static final String SECRET_BASE64 = "dGhlLWtleS1vZi10aGUtaG91c2U=";

    @TempDir
    Path folder;

    private final MemoryRegistry registry = new MemoryRegistry();
    private FleetFixture fleet;
    private String customer;
    private String node;
    private String service;
    private String instance;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(folder, registry, Set.of());
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "content"));
        customer = fleet.customer("north");
        node = fleet.node(customer, "alpha", Architecture.AMD64);
        service = text(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "web" }
                    image_sources: [{ arch: amd64, image_reference: "r.example/web:1" }] }) }
                """.formatted(customer)), "DM_import_node_service");
        instance = added(node);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static String text(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field)).toString();
    }

    private String added(String on) {
        return text(
                fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                        + on + "\") }"),
                "DM_add_node_service_instance");
    }

    private Map<String, @Nullable Object> set(String instance, String... files) {
        return fleet.ask(setting(instance, files));
    }

    private static String setting(String instance, String... files) {
        return "mutation { DM_set_node_service_instance_config(node_service_instance_id: \"" + instance + "\", files: ["
                + String.join(", ", files) + "]) }";
    }

    private static String file(String path, String content, String more) {
        return "{path: \"" + path + "\", content: \"" + content + "\" " + more + "}";
    }

    private Map<String, @Nullable Object> remove(String path) {
        return fleet.ask("mutation { DM_remove_node_service_instance_config(node_service_instance_id: \"" + instance
                + "\", paths: [\"" + path + "\"]) }");
    }

    private static String listing(String instance) {
        return "{ DM_get_node_service_instance_config(node_service_instance_id: \"" + instance
                + "\") { path mode secret digest size content_base64 } }";
    }

    private Object listed() {
        return Objects.requireNonNull(data(fleet.ask(listing(instance))).get("DM_get_node_service_instance_config"));
    }

    private DesiredState told(String nodeId) {
        return Documents.DESIRED_STATE.fromJson(
                fleet.desired.document(nodeId).orElseThrow().body());
    }

    private static ConfigFile expected(String path, int mode, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new ConfigFile(path, mode, Digest.of(bytes), bytes.length);
    }

    @Test
    void travelToTheirDeviceWithItsWorkload() {
        data(set(
                instance,
                file("/etc/key", SECRET, ""),
                file("/etc/app.conf", "port=1", "mode: \"0644\" secret: false")));

        DesiredState state = told(node);
        assertThat(Objects.requireNonNull(state.workload().containers().get(instance))
                        .config())
                .contains(new ConfigFiles(
                        List.of(expected("/etc/app.conf", 0644, "port=1"), expected("/etc/key", 0400, SECRET))));
        Map<Digest, byte[]> contents = state.contents().map(Contents::verified).orElseThrow();
        assertThat(contents)
                .containsOnlyKeys(
                        expected("/", 0, "port=1").digest(),
                        expected("/", 0, SECRET).digest());
        assertThat(contents.get(expected("/", 0, SECRET).digest()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(SECRET);
    }

    @Test
    void whatIsSecretIsNeverToldAndTheRestIs() {
        data(set(
                instance,
                file("/etc/key", SECRET, ""),
                file("/etc/app.conf", "port=1", "mode: \"644\" secret: false")));

        assertThat(listed().toString())
                .isEqualTo("[{path=/etc/app.conf, mode=0644, secret=false, digest="
                        + expected("/", 0, "port=1").digest() + ", size=6, content_base64=cG9ydD0x}, {path=/etc/key,"
                        + " mode=0400, secret=true, digest=null, size=null, content_base64=null}]");
    }

    @Test
    void neitherDatabaseNorAuditLogShowsASecret() {
        data(set(instance, file("/etc/key", SECRET, "")));
        data(set(instance, "{path: \"/etc/key\", content_base64: \"" + SECRET_BASE64 + "\" mode: \"0440\"}"));

        for (String table : List.of("instance_files", "desired_states", "audit_log")) {
            String rows = fleet.storage
                    .read(h ->
                            h.createQuery("SELECT * FROM " + table).mapToMap().list())
                    .toString();
            assertThat(rows).as(table).contains(table.equals("audit_log") ? "/etc/key" : "");
            assertThat(rows).as(table).doesNotContain(SECRET, SECRET_BASE64, SECRET_BASE64.substring(0, 24));
        }
        data(set(instance, file("/etc/app.conf", "port=1", "secret: false")));
        String audit = data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                        + "\", take: 2) { entries { operation before after } } }"))
                .toString();
        assertThat(audit)
                .contains("DM_set_node_service_instance_config", "\"mode\":\"0400\"", "\"mode\":\"0440\"", "\"size\":6")
                .doesNotContain("\"size\":20", expected("/", 0, SECRET).digest().value());
    }

    @Test
    void aFileThatDoesNotOpenAnyMoreHoldsUpNoOtherAndCanBeSetAgain() {
        data(set(instance, file("/etc/key", SECRET, ""), file("/etc/b", "b", "")));
        for (String spoilt : List.of("1.AAAA", "7.AAAA", "")) {
            fleet.storage.write(
                    h -> h.execute("UPDATE instance_files SET content = ? WHERE path = '/etc/key'", spoilt));

            data(set(added(node), file("/etc/c", "c" + spoilt, "")));

            assertThat(told(node).contents().map(Contents::verified).orElseThrow())
                    .containsKeys(
                            expected("/", 0, "b").digest(),
                            expected("/", 0, "c" + spoilt).digest())
                    .doesNotContainKey(expected("/", 0, SECRET).digest());
        }
        fleet.desired.load();

        data(set(instance, file("/etc/key", SECRET + "2", "")));
        assertThat(told(node).contents().map(Contents::verified).orElseThrow())
                .containsKey(expected("/", 0, SECRET + "2").digest());
    }

    @Test
    void theDatabaseCannotMakeASecretOneThatIsShown() {
        data(set(instance, file("/etc/key", SECRET, "")));
        fleet.storage.write(h -> h.execute("UPDATE instance_files SET secret = 0"));

        var refusal = fleet.ask(listing(instance));

        assertThat(code(refusal)).isEqualTo("sealing.broken");
        assertThat(refusal.toString()).doesNotContain(SECRET_BASE64);
    }

    @Test
    void theKeyIsNeededFromTheFirstFileOnUntilNoDocumentHasAny() {
        assertThat(fleet.storage.<Boolean>read(DesiredStates::anySealed)).isFalse();

        data(set(instance, file("/etc/key", SECRET, "")));
        assertThat(fleet.storage.<Boolean>read(DesiredStates::anySealed)).isTrue();
        fleet.storage.write(h -> h.execute("DELETE FROM instance_files"));
        assertThat(fleet.storage.<Boolean>read(DesiredStates::anySealed)).isTrue();
    }

    @Test
    void aChangeIsOfThatInstanceAlone() {
        String beside = added(node);
        String elsewhere = fleet.node(customer, "beta", Architecture.AMD64);
        added(elsewhere);
        var before = fleet.desired.document(elsewhere).orElseThrow();
        DesiredState first = told(node);

        data(set(instance, file("/etc/key", SECRET, "")));

        var after = fleet.desired.document(elsewhere).orElseThrow();
        assertThat(after.position()).isEqualTo(before.position());
        assertThat(after.body()).isEqualTo(before.body());
        assertThat(told(node).head().position()).isGreaterThan(first.head().position());
        assertThat(told(node).workload().containers().get(beside))
                .isEqualTo(first.workload().containers().get(beside));
    }

    @Test
    void whatIsSetAgainAsItWasChangesNothingForTheDevice() {
        data(set(instance, file("/etc/key", SECRET, "")));
        var position = told(node).head().position();

        data(set(instance, file("/etc/key", SECRET, "")));

        assertThat(told(node).head().position()).isEqualTo(position);
    }

    @Test
    void othersStayWhenOneIsChangedOrRemovedAndAllGoWithTheInstance() {
        data(set(instance, file("/etc/a", "a", ""), file("/etc/b", "b", "")));
        data(set(instance, file("/etc/b", "c", "")));
        data(remove("/etc/a"));

        assertThat(listed().toString()).contains("path=/etc/b").doesNotContain("/etc/a");
        assertThat(code(remove("/etc/a"))).isEqualTo("config.unknown");
        data(remove("/etc/b"));
        assertThat(told(node).contents()).isEmpty();
        assertThat(Objects.requireNonNull(told(node).workload().containers().get(instance))
                        .config())
                .isEmpty();

        data(set(instance, file("/etc/a", "a", "")));
        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
        instance = added(node);
        data(set(instance, file("/etc/a", "a", "")));
        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + node + "\") }"));
        assertThat(fleet.storage.<Integer>read(h -> h.createQuery("SELECT count(*) FROM instance_files")
                        .mapTo(Integer.class)
                        .one()))
                .isZero();
    }

    @Test
    void aDisabledInstanceIsLeftAsItIs() {
        data(set(instance, file("/etc/a", "a", "")));
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + instance + "\"], version_target_selector: {value: \"disabled\"}) }"));
        var before = told(node);

        data(set(instance, file("/etc/a", "b", "")));

        assertThat(told(node)).isEqualTo(before);
    }

    @Test
    void whatCannotBeIsRefusedWithItsFieldAndWithoutItsContent() {
        String many =
                IntStream.range(0, 33).mapToObj(i -> file("/etc/" + i, "x", "")).collect(Collectors.joining(", "));
        String[][] refused = {
            {file("etc/key", SECRET, ""), "input.malformed", "files[0].path"},
            {file("/etc/../key", SECRET, ""), "input.malformed", "files[0].path"},
            {file("/proc/key", SECRET, ""), "input.malformed", "/proc"},
            {file("/host/key", SECRET, ""), "input.malformed", "/host"},
            {file("/run", SECRET, ""), "input.malformed", "files[0].path"},
            {file("/etc/key", SECRET, "mode: \"rw\""), "input.malformed", "files[0].mode"},
            {file("/etc/key", SECRET, "mode: \"4755\""), "input.malformed", "files[0].mode"},
            {file("/etc/key", SECRET, "content_base64: \"" + SECRET_BASE64 + "\""), "input.malformed", "exactly one"},
            {"{path: \"/etc/key\"}", "input.malformed", "exactly one"},
            {"{path: \"/etc/key\", content_base64: \"" + SECRET + "!\"}", "input.malformed", "content_base64"},
            {file("/etc/key", "a", "") + file("/etc/key", SECRET, ""), "input.duplicate", "files[1].path"},
            {file("/etc/key", "x".repeat(65_537), ""), "config.too-large", "65536"},
            {file("/etc", SECRET, ""), "input.malformed", "files[0].path"},
            {file("/etc/hosts/key", SECRET, ""), "input.malformed", "/etc/hosts"},
            {file("/" + "ö".repeat(128), SECRET, ""), "input.malformed", "255"},
            {file("/etc/app", SECRET, "") + file("/etc/app/key", SECRET, ""), "config.clash", "'/etc/app/key'"},
            {many, "config.too-many", "33"},
            {"", "config.too-many", "0"}
        };
        for (String[] one : refused) {
            var refusal = set(instance, one[0]);

            assertThat(code(refusal)).as(one[0]).isEqualTo(one[1]);
            assertThat(refusal.toString()).contains(one[2]).doesNotContain(SECRET, SECRET_BASE64);
        }
        assertThat(listed()).isEqualTo(List.of());
    }

    @Test
    void aFileThatAnotherLiesInIsRefusedAlsoWhenTheyAreSetOneAfterTheOther() {
        data(set(instance, file("/etc/app/key", SECRET, ""), file("/etc/application", "a", "")));

        assertThat(code(set(instance, file("/etc/app", "a", "")))).isEqualTo("config.clash");
        assertThat(listed().toString()).doesNotContain("/etc/app,");
    }

    @Test
    void aFileWhereAVolumeIsIsRefusedAndSoIsAVolumeWhereAFileIs() {
        String volume = """
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "web" }
                    metadata: { volumes: [{ source: "data" target: "%s" }] } }) }
                """;
        data(fleet.ask(volume.formatted(customer, "/var/lib/app")));
        for (String path : List.of("/var/lib/app", "/var/lib", "/var")) {
            var refusal = set(instance, file(path, "a", ""));

            assertThat(code(refusal)).isEqualTo("config.clash");
            assertThat(message(refusal)).contains("'" + path + "'", "'/var/lib/app'");
        }
        data(set(instance, file("/var/lib/app/key", SECRET, ""), file("/var/lib/app2", "a", "")));
        var before = told(node);

        data(fleet.ask(volume.formatted(customer, "/var/lib/app2")));

        assertThat(told(node)).isEqualTo(before);
        assertThat(fleet.desired.targets(node).get(instance))
                .isInstanceOfSatisfying(
                        Target.Refused.class,
                        r -> assertThat(r.problem().code()).isEqualTo("config.clash"));
    }

    @Test
    void whoRemovesNothingIsToldSo() {
        assertThat(code(fleet.ask("mutation { DM_remove_node_service_instance_config(node_service_instance_id: \""
                        + instance + "\", paths: []) }")))
                .isEqualTo("input.malformed");
    }

    @Test
    void allFilesOfAnInstanceAndOfADeviceAreBounded() {
        String large = "x".repeat(65_536);
        data(set(instance, file("/a", large, ""), file("/b", large, ""), file("/c", large, ""), file("/d", large, "")));

        assertThat(code(set(instance, file("/e", "x", "")))).isEqualTo("config.too-large");
        for (int i = 0; i < 3; i++) {
            data(set(
                    added(node),
                    file("/a", large, ""),
                    file("/b", large, ""),
                    file("/c", large, ""),
                    file("/d", large, "")));
        }
        var refusal = set(added(node), file("/a", "x", ""));
        assertThat(code(refusal)).isEqualTo("config.too-large");
        assertThat(message(refusal)).contains("the device", "1048577");
    }

    @Test
    void aDeviceThatCannotHaveFilesIsRefusedThem() {
        String simple = fleet.node(
                customer, "gamma", new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2));
        String there = added(simple);

        assertThat(code(set(there, file("/etc/key", SECRET, "")))).isEqualTo("capability.unsupported");
        assertThat(told(simple).contents()).isEmpty();
    }

    @Test
    void anotherCustomersInstanceIsAsIfItWereNotThere() {
        String other = fleet.customer("south");

        assertThat(code(fleet.askAs(other, setting(instance, file("/etc/key", SECRET, "")))))
                .isEqualTo("instance.unknown");
        assertThat(code(fleet.askAs(other, listing(instance)))).isEqualTo("instance.unknown");
    }
}
