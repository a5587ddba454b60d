package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Answer;
import io.skerry.lab.Breakage;
import io.skerry.lab.FleetApi;
import io.skerry.lab.FleetApi.Instance;
import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.Progress;
import io.skerry.lab.SampleImage;
import io.skerry.lab.SourceRegistry;
import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.Daemon;
import io.skerry.spec.Architecture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * A control plane, two devices and a source registry of one test class, made of the built programs. Each test brings its own
 * services, so that none depends on another's; {@link #close} takes all of it down, also after a failure.
 */
final class Fleet implements AutoCloseable {
    private static final Architecture ARCHITECTURE =
            Architecture.ofJava(System.getProperty("os.arch")).orElseThrow();

    private final Path folder;
    private final Installation installation = Installation.ofCheckout();
    private final Lab lab;
    private final FleetApi api;
    private final String customer;

    /** @param name 1 to 9 lower-case letters and digits; other labs on this machine have other names */
    Fleet(String name) {
        try {
            folder = Files.createTempDirectory("skerry-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lab = Lab.create(installation, folder, name, 2);
        try {
            lab.start(Progress.SILENT);
            api = lab.cloud().api();
            customer = api.firstCustomer();
        } catch (RuntimeException e) {
            tearDown();
            throw e;
        }
    }

    Lab lab() {
        return lab;
    }

    FleetApi api() {
        return api;
    }

    String customer() {
        return customer;
    }

    Path folder() {
        return folder;
    }

    VirtualDevice device(int index) {
        return lab.devices().get(index);
    }

    String node(VirtualDevice device) {
        return api.node(customer, device.name()).orElseThrow();
    }

    /** Pushes a version of the sample to the source registry and imports it; the registry is stopped afterwards. */
    String importVersion(String service, int version, Breakage breakage) {
        return importVersion(service, version, breakage, Map.of());
    }

    /** As above with further or other {@code metadata}. */
    String importVersion(String service, int version, Breakage breakage, Map<String, ?> metadata) {
        SourceRegistry registry = lab.registry();
        registry.start();
        try {
            String reference = registry.push(new SampleImage(version, breakage), service, ARCHITECTURE);
            Map<String, Object> all = new HashMap<>(Map.of(
                    "memory_limit_mb", 32,
                    "probation_seconds", 3,
                    "stop_seconds", 2,
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
            return api.importService(Map.of(
                    "customer_id",
                    customer,
                    "node_service_input",
                    Map.of("name", service),
                    "metadata",
                    all,
                    "image_sources",
                    List.of(Map.of(
                            "arch",
                            ARCHITECTURE.word(),
                            "image_reference",
                            reference,
                            "authn",
                            Map.of("registry_user", SourceRegistry.USER, "registry_pw", registry.password())))));
        } finally {
            registry.stop();
        }
    }

    Instance instance(String id) {
        return api.instances(customer).stream()
                .filter(i -> i.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** All that the API tells of why an instance isn't what was asked for. */
    Answer reason(String id) {
        return api.execute("""
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
        return api
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
        api.execute(
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
        environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        return Shell.run(environment, installation.command("cli", arguments));
    }

    @Override
    public void close() {
        api.close();
        tearDown();
    }

    private void tearDown() {
        try {
            lab.down(true, Progress.SILENT);
        } finally {
            lab.close();
            deleteFolder();
        }
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
