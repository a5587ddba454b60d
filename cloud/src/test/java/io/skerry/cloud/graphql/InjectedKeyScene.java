package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.Contents;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An instance with an API key injected into its container. */
abstract class InjectedKeyScene {
    static final String PATH = "/run/secrets/skerry-api-key";

    @TempDir
    Path folder;

    FleetFixture fleet;

    String customer;

    String node;

    String service;

    String instance;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(folder, new MemoryRegistry(), Set.of());
        customer = fleet.customer("north");
        node = fleet.node(customer, "alpha", Architecture.AMD64);
        service = Sample.service(fleet, customer, "web", 1);
        instance = added();
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    String added() {
        return text(
                fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                        + node + "\") }"),
                "DM_add_node_service_instance");
    }

    static String text(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field)).toString();
    }

    static String injection(String instance, String more) {
        return "mutation { DM_inject_api_key(node_service_instance_id: \"" + instance + "\"" + more + ") }";
    }

    String injected(String more) {
        return text(fleet.ask(injection(instance, more)), "DM_inject_api_key");
    }

    Map<String, @Nullable Object> rotating(String id, String more) {
        return fleet.ask("mutation { DM_rotate_injected_api_key(injected_api_key_id: \"" + id + "\"" + more + ") }");
    }

    String listed() {
        return text(
                fleet.ask("{ DM_get_injected_api_keys(node_service_instance_id: \"" + instance
                        + "\") { path mode role whole_customer rotate_minutes overlap_minutes api_key_id earlier {"
                        + " api_key_id good_until } } }"),
                "DM_get_injected_api_keys");
    }

    DesiredState told() {
        return Documents.DESIRED_STATE.fromJson(
                fleet.desired.document(node).orElseThrow().body());
    }

    /** What the container finds in the file. */
    String secret() {
        ConfigFile file = Objects.requireNonNull(told().workload().containers().get(instance))
                .config()
                .orElseThrow()
                .files()
                .getFirst();
        assertThat(file.path()).isEqualTo(PATH);
        byte[] content = told().contents().map(Contents::verified).orElseThrow().get(file.digest());
        return new String(Objects.requireNonNull(content), StandardCharsets.UTF_8);
    }

    Optional<Caller> caller(String secret) {
        return fleet.keys.authenticate("apikey " + secret);
    }

    boolean good(String secret) {
        return caller(secret).isPresent();
    }

    /** The device has taken up all that it was told, without this instance's container when that failed. */
    void takenUp(boolean without) {
        Digest workload = Digest.of(Documents.WORKLOAD.toJsonBytes(told().workload()));
        List<HeldBack> heldBack = without
                ? List.of(new HeldBack(
                        instance,
                        new ServiceVersion(service, "web", 1),
                        Outcome.Result.ROLLED_BACK,
                        Reason.of(new Problem("container.exited", "It ended."))))
                : List.of();
        fleet.statuses.reported(
                node,
                DeviceStatuses.of(
                        new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), FleetFixture.FEATURES, 2),
                        new RevisionStatus(
                                2,
                                Optional.empty(),
                                RevisionStatus.Phase.IDLE,
                                Optional.of(new Outcome(
                                        2, workload, Outcome.Result.COMMITTED, Optional.empty(), Optional.empty())),
                                heldBack,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
    }

    String audited() {
        return data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                        + "\") { entries { operation actor_kind } } }"))
                + "";
    }

    Caller made(String role, String more) {
        String secret = text(
                fleet.ask("mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"o\", role: "
                        + role + more + ") }"),
                "Authz_create_api_key");
        return caller(secret).orElseThrow();
    }
}
