package io.skerry.cloud.rollout;

import static io.skerry.cloud.graphql.FleetFixture.data;

import io.skerry.cloud.desired.Target;
import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.graphql.Sample;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A customer with four devices that follow a service, and what they say of its versions; time and turns are the tests' own. */
abstract class RolloutScene {
    static final String HALVES = "{phases: [{percent: 50}, {}]}";

    @TempDir
    Path folder;

    FleetFixture fleet;
    String customer;
    String service;
    final List<String> nodes = new ArrayList<>();
    final List<String> instances = new ArrayList<>();
    final Map<String, Stand> stands = new HashMap<>();
    final Set<String> away = new java.util.HashSet<>();

    @BeforeEach
    void open() {
        fleet = fixture();
        customer = fleet.customer("north");
        service = Sample.service(fleet, customer, "web", 1);
        for (int i = 0; i < 4; i++) {
            add("n" + i);
        }
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    FleetFixture fixture() {
        return FleetFixture.withoutImages(folder);
    }

    void add(String name) {
        String node = fleet.node(customer, name, Architecture.AMD64);
        nodes.add(node);
        instances.add(data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service
                                + "\", node_id: \"" + node + "\") }"))
                        .get("DM_add_node_service_instance")
                + "");
    }

    void start() {
        data(fleet.ask("mutation { DM_start_rollout(node_service_id: \"" + service + "\") }"));
    }

    void change(String verb) {
        data(fleet.ask("mutation { DM_" + verb + "_rollout(rollout_id: \"" + id() + "\") }"));
    }

    void select(String instance, String selector) {
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + instance + "\"], version_target_selector: " + selector + ") }"));
    }

    void retire(int version, boolean retired) {
        data(fleet.ask("mutation { DM_retire_node_service_version(node_service_id: \"" + service
                + "\", container_version: " + version + ", retired: " + retired + ") }"));
    }

    Progress progress() {
        return fleet.rollouts.find(id()).orElseThrow().progress(Optional.empty(), reports());
    }

    void reopen() {
        fleet.close();
        Duration ahead = fleet.ahead();
        fleet = fixture();
        fleet.later(ahead);
    }

    void advance() {
        fleet.turns.advance(id -> reports());
    }

    Map<String, Report> reports() {
        Map<String, Report> reports = new HashMap<>();
        for (int i = 0; i < instances.size(); i++) {
            String id = instances.get(i);
            reports.put(
                    id,
                    new Report(
                            told().get(i), stands.getOrDefault(id, Stand.PENDING), !away.contains(id), false, false));
        }
        return reports;
    }

    void allDone() {
        instances.forEach(id -> stands.put(id, Stand.DONE));
    }

    String first(long version) {
        return instances.get(told().indexOf(version));
    }

    List<Long> told() {
        Map<String, Target> targets = fleet.storage.read(h -> fleet.desired.targets(h, nodes));
        return instances.stream()
                .map(id -> java.util.Objects.requireNonNull(targets.get(id))
                        .version()
                        .orElse(0L))
                .toList();
    }

    void policy(String policy) {
        data(tryPolicy(policy));
    }

    Map<String, @Nullable Object> tryPolicy(String policy) {
        return fleet.ask(
                "mutation { DM_set_rollout_policy(node_service_id: \"" + service + "\", policy: " + policy + ") }");
    }

    String rollouts() {
        return data(fleet.ask(
                        "{ DM_get_rollouts(customer_id: \"" + customer
                                + "\") { rollouts { rollout_id state phase reason { code } progress { total admitted done failed } } } }"))
                .toString();
    }

    String id() {
        return rollouts().replaceFirst("(?s).*?rollout_id=([0-9a-f-]+).*", "$1");
    }

    String rollout() {
        return data(fleet.ask("{ DM_get_rollout(rollout_id: \"" + id()
                        + "\") { state phase reason { code } progress { total admitted done failed updating unreachable }"
                        + " phases { percent progress { total done } } } }"))
                .toString();
    }
}
