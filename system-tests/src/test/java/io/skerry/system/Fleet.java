package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Answer;
import io.skerry.lab.Breakage;
import io.skerry.lab.FleetApi;
import io.skerry.lab.FleetApi.Instance;
import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.PassingLab;
import io.skerry.lab.SampleImage;
import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.Daemon;
import io.skerry.lab.reliability.TrialServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * A control plane, some devices and a source registry of one test class, made of the built programs. Each test brings its own
 * services, so that none depends on another's; {@link #close} takes all of it down, also after a failure.
 */
final class Fleet implements AutoCloseable {
    private final Installation installation = Installation.ofCheckout();
    private final PassingLab passing;
    private final TrialServices services;
    private final String customer;

    /** Two devices. */
    Fleet(String name) {
        this(name, 2);
    }

    /** @param name 1 to 9 lower-case letters and digits; other labs on this machine have other names */
    Fleet(String name, int devices) {
        passing = new PassingLab(installation, name, devices);
        services = new TrialServices(passing);
        customer = passing.api().firstCustomer();
    }

    Lab lab() {
        return passing.lab();
    }

    FleetApi api() {
        return passing.api();
    }

    String customer() {
        return customer;
    }

    Path folder() {
        return passing.folder();
    }

    VirtualDevice device(int index) {
        return lab().devices().get(index);
    }

    String node(VirtualDevice device) {
        return api().node(customer, device.name()).orElseThrow();
    }

    /** Pushes a version of the sample to the source registry and imports it; the registry is stopped afterwards. */
    String importVersion(String service, int version, Breakage breakage) {
        return importVersion(service, version, breakage, Map.of());
    }

    /** As above with further or other {@code metadata}. */
    String importVersion(String service, int version, Breakage breakage, Map<String, ?> metadata) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "health",
                Map.of(
                        "http",
                        Map.of("port", SampleImage.PORT),
                        "interval_seconds",
                        1,
                        "timeout_seconds",
                        2,
                        "retries",
                        3)));
        all.putAll(metadata);
        return services.importVersions(service, List.of(new SampleImage(version, breakage)), all);
    }

    Instance instance(String id) {
        return services.instance(id);
    }

    /** All that the API tells of why an instance isn't what was asked for. */
    Answer reason(String id) {
        return api().execute("""
                query($i: ID!) { DM_get_node_service_instance(node_service_instance_id: $i) {
                  state reason { container code message remedy log_tail } last_exit restarts } }""", Map.of("i", id)).in("DM_get_node_service_instance");
    }

    void awaitHealthy(String instance, int version) {
        waiting().alias("version " + version + " healthy").untilAsserted(() -> {
            Instance now = instance(instance);
            assertThat(now.state() + " " + now.runningVersion() + " " + now.reason())
                    .isEqualTo("healthy " + Optional.of(version) + " ");
        });
    }

    void awaitState(String instance, String state) {
        waiting().untilAsserted(() -> assertThat(instance(instance).state()).isEqualTo(state));
    }

    /** The codes of what the operator reads to be wrong with a device. */
    List<String> problems(VirtualDevice device) {
        return api()
                .execute("query($n: ID!) { DM_get_node(node_id: $n) { problems { code } } }", Map.of("n", node(device)))
                .in("DM_get_node")
                .list("problems")
                .stream()
                .map(p -> p.required("code"))
                .toList();
    }

    /** What a device's daemon said last, for a test that fails to tell. */
    String lastWords(VirtualDevice device) {
        return Daemon.lastWords(device.log());
    }

    /** Waits generously: a slow machine is no failure. */
    static ConditionFactory waiting() {
        return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(250));
    }

    void remove(String... instances) {
        api().execute(
                        "mutation($i: [ID!]!) { DM_remove_node_service_instances(node_service_instance_ids: $i) }",
                        Map.of("i", List.of(instances)));
    }

    /** What {@code GET /} answers inside the container of an instance. */
    String page(VirtualDevice device, String instance) {
        return Shell.output(
                "nsenter",
                "--net=/proc/" + program(device, instance).pid() + "/ns/net",
                "busybox",
                "wget",
                "-q",
                "-O",
                "-",
                "http://127.0.0.1:" + SampleImage.PORT + "/");
    }

    /** The process that is PID 1 of an instance's container. */
    ProcessHandle program(VirtualDevice device, String instance) {
        return device.containerProcesses().stream()
                .map(p -> ProcessHandle.of(p.pid()))
                .flatMap(Optional::stream)
                .filter(p -> Shell.file("/proc/" + p.pid() + "/cgroup").contains("/" + instance))
                .min(Comparator.comparingLong(ProcessHandle::pid))
                .orElseThrow();
    }

    /** The device program with these arguments, run to its end where a device's network is. */
    Shell.Result deviceProgram(VirtualDevice device, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + device.namespace()));
        command.addAll(installation.command("device", arguments));
        return Shell.run(environment, command);
    }

    /** The command line as an operator has it, logged in to this fleet. */
    Shell.Result cli(String... arguments) {
        Map<String, String> environment = new HashMap<>(installation.environment());
        environment.put("XDG_CONFIG_HOME", folder().resolve("lab/config").toString());
        return Shell.run(environment, installation.command("cli", arguments));
    }

    @Override
    public void close() {
        passing.close();
    }
}
