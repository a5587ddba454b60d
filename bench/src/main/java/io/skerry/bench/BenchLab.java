package io.skerry.bench;

import io.skerry.bench.host.MemoryUse;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.TlsContexts;
import io.skerry.lab.Breakage;
import io.skerry.lab.FleetApi;
import io.skerry.lab.Lab;
import io.skerry.lab.PassingLab;
import io.skerry.lab.SampleImage;
import io.skerry.lab.SourceRegistry;
import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.Pause;
import io.skerry.lab.host.RunningProcess;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A control plane and enrolled devices for one benchmark, in a folder of its own; nothing is left of it when it is closed. */
final class BenchLab implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PassingLab passing;
    private final Lab lab;
    private final FleetApi api;
    private final HttpClient http;

    private BenchLab(PassingLab passing) {
        this.passing = passing;
        this.lab = passing.lab();
        this.api = passing.api();
        try {
            this.http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(TlsContexts.trusting(PinnedAuthority.of(
                            Pem.certificates(Files.readString(lab.cloud().authority()))
                                    .getFirst())))
                    .build();
        } catch (IOException e) {
            passing.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            passing.close();
            throw e;
        }
    }

    /**
     * Starts it.
     *
     * @throws io.skerry.spec.ProblemException {@code bench.no-devices} where this machine can't have virtual devices
     */
    static BenchLab start(Workplace place, int devices) {
        if (!Lab.missing().isEmpty()) {
            throw new Problem("bench.no-devices", "It needs virtual devices. " + Lab.missing()).asException();
        }
        String name = "b" + Integer.toString(new SecureRandom().nextInt(36 * 36 * 36 * 36), 36);
        place.say("starting a control plane and " + devices + (devices == 1 ? " device" : " devices"));
        return new BenchLab(new PassingLab(place.installation(), name, devices));
    }

    Lab lab() {
        return lab;
    }

    FleetApi api() {
        return api;
    }

    VirtualDevice device() {
        return lab.devices().getFirst();
    }

    /** This machine's architecture, which virtual devices have too. */
    static Architecture architecture() {
        return Architecture.ofJava(System.getProperty("os.arch"))
                .orElseThrow(() -> new Problem(
                                "architecture.unknown",
                                "Skerry has no devices of this machine's architecture, " + System.getProperty("os.arch")
                                        + ".")
                        .asException());
    }

    /**
     * Imports this many services of different images and puts an instance of each on the first device; all of them are healthy
     * then. Their health is asked every 30 seconds, as Docker does by default.
     */
    void runServices(int count) {
        SourceRegistry registry = lab.registry();
        registry.start();
        for (int i = 1; i <= count; i++) {
            String reference = registry.push(new SampleImage(i, Breakage.NONE), "idle", architecture());
            Map<String, ?> health = Map.of(
                    "http",
                    Map.of("port", SampleImage.PORT, "path", "/"),
                    "interval_seconds",
                    30,
                    "timeout_seconds",
                    5);
            install("idle-" + i, reference, Map.of("memory_limit_mb", 32, "probation_seconds", 5, "health", health));
        }
        registry.stop();
        awaitHealthy(count);
    }

    /** Imports an image from the lab's registry, which must run, and puts an instance of it on the first device. */
    void install(String service, String reference, Map<String, ?> metadata) {
        String id = importService(service, reference, metadata);
        String node = api.node(api.firstCustomer(), device().name())
                .orElseThrow(() -> new Problem(
                                "bench.node-missing", "The control plane does not know device " + device().name() + ".")
                        .asException());
        api.addInstance(id, node);
    }

    /** Imports an image from the lab's registry, which must run; the answer is the service's id. */
    String importService(String service, String reference, Map<String, ?> metadata) {
        String customer = api.firstCustomer();
        Map<String, ?> source = Map.of(
                "arch",
                architecture().word(),
                "image_reference",
                reference,
                "authn",
                Map.of(
                        "registry_user",
                        SourceRegistry.USER,
                        "registry_pw",
                        lab.registry().password()));
        return api.importService(Map.of(
                "customer_id",
                customer,
                "node_service_input",
                Map.of("name", service),
                "metadata",
                metadata,
                "image_sources",
                List.of(source)));
    }

    /** The ids of all instances. */
    List<String> instances() {
        return api.instances(api.firstCustomer()).stream()
                .map(FleetApi.Instance::id)
                .toList();
    }

    /**
     * Has the first device told its desired state once more, with another retry token for these instances; it has been told and
     * polls again then.
     */
    void tellAgain(List<String> instances) {
        long before = metric("skerry_polls_changed_total");
        api.execute(
                "mutation($i: [ID!]!) { DM_retry_node_service_instances(node_service_instance_ids: $i) }",
                Map.of("i", instances));
        long began = System.nanoTime();
        while (true) {
            String page = metrics();
            if (metric(page, "skerry_polls_changed_total") > before && metric(page, "skerry_polls_waiting") > 0) {
                return;
            }
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new Problem("bench.waited", "The device did not ask again for its desired state.").asException();
            }
            Pause.of(Duration.ofMillis(5));
        }
    }

    /** Whether this many instances are there and all of them are healthy. */
    boolean healthy(int count) {
        List<FleetApi.Instance> instances = api.instances(api.firstCustomer());
        return instances.size() == count && instances.stream().allMatch(FleetApi.Instance::healthy);
    }

    void awaitHealthy(int count) {
        await(count + " healthy containers", () -> healthy(count));
    }

    /** Waits until this many polls of devices wait at the control plane. */
    void awaitPolls(int count) {
        await(count + " waiting polls", () -> metric("skerry_polls_waiting") >= count);
    }

    /**
     * Ends the first device's daemon and starts it again, with further variables in its environment; its first poll waits at
     * the control plane then.
     *
     * @return the seconds from the start to the moment when that poll was seen there
     */
    double restartDaemon(Map<String, String> environment) {
        device().stop();
        // What its end left to do shall not be counted with the start.
        Pause.of(Duration.ofSeconds(1));
        long before = pollsBegun();
        long began = System.nanoTime();
        device().start(environment);
        while (pollsBegun() == before) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new Problem(
                                "bench.waited",
                                "The daemon did not poll within " + PATIENCE.toMinutes() + " minutes: "
                                        + Daemon.lastWords(device().log()))
                        .asException();
            }
            Pause.of(Duration.ofMillis(10));
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private void await(String what, BooleanSupplier condition) {
        if (!Pause.until(PATIENCE, condition)) {
            throw new Problem(
                            "bench.waited",
                            "There were not " + what + " after " + PATIENCE.toMinutes() + " minutes; states: "
                                    + api.instances(api.firstCustomer()) + ".")
                    .asException();
        }
    }

    /**
     * How many polls of devices have reached the control plane since its start. Not told by how many wait there: that of a
     * daemon that ended may wait on for minutes.
     */
    private long pollsBegun() {
        String page = metrics();
        return metric(page, "skerry_polls_waiting")
                + metric(page, "skerry_polls_unchanged_total")
                + metric(page, "skerry_polls_changed_total");
    }

    private long metric(String name) {
        return metric(metrics(), name);
    }

    private static long metric(String page, String name) {
        Matcher m = Pattern.compile("^" + name + " (\\d+)", Pattern.MULTILINE).matcher(page);
        if (!m.find()) {
            throw new Problem("bench.no-metric", "The control plane's metrics have no " + name + ".").asException();
        }
        return Long.parseLong(m.group(1));
    }

    private String metrics() {
        HttpRequest request = HttpRequest.newBuilder(lab.cloud().url().resolve("/metrics"))
                .timeout(Duration.ofSeconds(10))
                .header("authorization", "apikey " + lab.cloud().key())
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new Problem(
                            "bench.cloud-silent", "The control plane doesn't tell its metrics: " + e.getMessage() + ".")
                    .asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for the control plane was interrupted.").asException(e);
        }
    }

    /** The first device's daemon. */
    RunningProcess daemon() {
        return device().daemon()
                .orElseThrow(() -> new Problem(
                                "bench.daemon-ended", "The device's daemon ended; its log was " + device().log() + ".")
                        .asException());
    }

    /** The control plane's process. */
    RunningProcess cloud() {
        return lab.cloud()
                .process()
                .orElseThrow(() -> new Problem("bench.cloud-ended", "The control plane ended.").asException());
    }

    /** The memory of a process that has had nothing to do for this long. */
    static MemoryUse afterRest(RunningProcess process, Duration rest) {
        Pause.of(rest);
        return MemoryUse.of(process.pid());
    }

    @Override
    public void close() {
        http.close();
        passing.close();
    }
}
