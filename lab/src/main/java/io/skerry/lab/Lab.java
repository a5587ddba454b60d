package io.skerry.lab;

import io.skerry.lab.host.Cgroups;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.LabNetwork;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A control plane, virtual devices and a registry to import from, on this machine, in one folder. All of it goes on running
 * when this object goes; {@link #down} ends it. Each step looks at what is there and does what is missing, so that a lab whose
 * making was cut off anywhere can be brought up or down. One command at a time works on a folder.
 */
public final class Lab implements AutoCloseable {
    /** The service that the demo installs. */
    public static final String SERVICE = "hello";

    private final Path folder;
    private final LabSettings settings;
    private final LabCloud cloud;
    private final SourceRegistry registry;
    private final LabNetwork network;
    private final List<VirtualDevice> devices;
    private final FileChannel lock;

    private Lab(HostTools tools, Installation installation, Path folder, LabSettings settings, FileChannel lock) {
        this.folder = folder;
        this.settings = settings;
        this.lock = lock;
        this.network = new LabNetwork(tools, settings.name(), settings.subnet().orElse(0));
        this.registry = new SourceRegistry(tools, folder.resolve("registry"), settings.registryPort());
        this.cloud = new LabCloud(
                installation,
                folder,
                settings.port(),
                settings.devicePort(),
                settings.subnet().map(s -> network.hostAddress()).stream().toList(),
                registry.host());
        this.devices = settings.subnet().isEmpty()
                ? List.of()
                : IntStream.range(0, settings.devices().size())
                        .mapToObj(i -> new VirtualDevice(
                                tools,
                                installation,
                                network,
                                folder,
                                settings.devices().get(i),
                                i))
                        .toList();
    }

    /**
     * The lab in this folder; a new one if there is none.
     *
     * @param name of a new lab; when another checkout's lab has it, a number is added
     * @param devices how many it has at least
     * @throws ProblemException {@code lab.busy} when another command works on it
     */
    public static Lab open(Installation installation, Path folder, String name, int devices) {
        return open(
                installation,
                folder,
                existing -> existing.withDevices(devices),
                () -> LabSettings.fresh(unusedName(name), devices));
    }

    private static String unusedName(String wanted) {
        if (!Host.canMakeNetworks()) {
            return wanted;
        }
        HostTools tools = new HostTools();
        return Stream.concat(Stream.of(wanted), IntStream.range(2, 100).mapToObj(n -> wanted + n))
                .filter(name -> !new LabNetwork(tools, name, 0).present())
                .findFirst()
                .orElse(wanted);
    }

    /**
     * A new lab beside others on this machine, for a test: any free ports.
     *
     * @param name 1 to 9 lower-case letters and digits, not used by another lab
     * @param devices how many; may be 0
     */
    public static Lab create(Installation installation, Path folder, String name, int devices) {
        return open(installation, folder, existing -> existing, () -> LabSettings.beside(name, devices));
    }

    /** The lab in this folder, if there is one. */
    public static Optional<Lab> existing(Installation installation, Path folder) {
        return LabSettings.read(folder)
                .map(settings -> open(installation, folder, existing -> existing, () -> settings));
    }

    private static Lab open(
            Installation installation,
            Path folder,
            UnaryOperator<LabSettings> change,
            java.util.function.Supplier<LabSettings> fresh) {
        Path root = folder.toAbsolutePath().normalize();
        FileChannel lock = locked(root);
        try {
            HostTools tools = new HostTools();
            LabSettings settings = LabSettings.read(root).map(change).orElseGet(fresh);
            if (Host.canMakeNetworks()) {
                settings = settings.withSubnet(tools);
            }
            settings.write(root);
            return new Lab(tools, installation, root, settings, lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static FileChannel locked(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lab.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new Problem(
                                "lab.busy", "Another command works on the lab in " + folder + ".", "Wait for its end.")
                        .asException();
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public LabCloud cloud() {
        return cloud;
    }

    public SourceRegistry registry() {
        return registry;
    }

    /** Empty where this machine can't make networks. */
    public List<VirtualDevice> devices() {
        return devices;
    }

    /** @throws ProblemException {@code lab.device-unknown} */
    public VirtualDevice device(String name) {
        return devices.stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Problem(
                                "lab.device-unknown",
                                "The lab has no device '" + name + "'.",
                                "It has: "
                                        + devices.stream()
                                                .map(VirtualDevice::name)
                                                .collect(Collectors.joining(", ")) + ".")
                        .asException());
    }

    /**
     * Makes a place on the lab's network for a machine that isn't one of its own devices; the lab must have been started. It is
     * removed when the lab goes down.
     *
     * @return the network namespace from which the control plane is reached at {@link LabCloud#deviceUrl}
     */
    public String connect(String machine) {
        network.ensureNamespace(machine, LabSettings.MOST_DEVICES + guests().size());
        return network.namespace(machine);
    }

    /** Takes the network cable of such a machine out or puts it back. */
    public void plug(String machine, boolean in) {
        network.plug(machine, in);
    }

    /** The machines that have a place on the network and aren't its own devices. */
    private List<String> guests() {
        String prefix = network.namespace("");
        Set<String> own = devices.stream().map(VirtualDevice::name).collect(Collectors.toSet());
        return network.namespaces().stream()
                .map(n -> n.substring(prefix.length()))
                .filter(n -> !own.contains(n))
                .toList();
    }

    public LabSettings settings() {
        return settings;
    }

    /** Why this machine gets no devices; empty when it can have them. */
    public static String missing() {
        return Host.missing();
    }

    /** Control plane and devices run, and the devices are enrolled. */
    public void start(Progress progress) {
        if (settings.subnet().isPresent()) {
            network.ensureBridge();
        }
        progress.begin("Starting the control plane");
        cloud.start();
        progress.done("Control plane on " + cloud.url());
        try (FleetApi api = cloud.api()) {
            String customer = api.firstCustomer();
            new CliProfile(cloud.url(), cloud.key(), cloud.authority(), customer)
                    .write(folder.resolve("config/skerry"));
            for (VirtualDevice device : devices) {
                progress.begin("Starting device " + device.name());
                device.connect();
                if (!device.enrolled()) {
                    progress.note("enrolling");
                    device.enrol(cloud.deviceUrl(), api.claimToken(customer, device.name()));
                }
                device.start();
                progress.done("Device " + device.name() + " in namespace " + device.namespace());
            }
        }
    }

    /**
     * Imports a sample image as the next version of {@link #SERVICE}; the registry that it comes from runs meanwhile only.
     *
     * @return the service's id
     */
    public String importSample(SampleImage image, Progress progress) {
        boolean ran = registry.running();
        progress.begin("Importing sample image " + image.version());
        try (FleetApi api = cloud.api()) {
            registry.start();
            progress.note("pushing it to " + registry.host());
            String reference = registry.push(image, SERVICE, Host.architecture());
            progress.note("the control plane pulls it");
            String service = api.importService(importInput(api.firstCustomer(), reference));
            progress.done("Service " + SERVICE + " imported from " + reference);
            return service;
        } finally {
            if (!ran) {
                registry.stop();
            }
        }
    }

    private Map<String, ?> importInput(String customer, String reference) {
        Map<String, ?> health = Map.of(
                "http", Map.of("port", SampleImage.PORT, "path", "/"),
                "interval_seconds", 2,
                "timeout_seconds", 2,
                "retries", 3);
        return Map.of(
                "customer_id", customer,
                "node_service_input", Map.of("name", SERVICE),
                "metadata", Map.of("memory_limit_mb", 32, "health", health, "probation_seconds", 5),
                "image_sources",
                        List.of(Map.of(
                                "arch", Host.architecture().word(),
                                "image_reference", reference,
                                "authn",
                                        Map.of(
                                                "registry_user",
                                                SourceRegistry.USER,
                                                "registry_pw",
                                                registry.password()))));
    }

    /** The demo: all of it runs, the sample is imported, and each device has a healthy instance of it. */
    public LabReport up(Progress progress) {
        start(progress);
        try (FleetApi api = cloud.api()) {
            String customer = api.firstCustomer();
            if (!devices.isEmpty()) {
                String service = api.service(customer, SERVICE)
                        .orElseGet(() -> importSample(new SampleImage(1, Breakage.NONE), progress));
                List<String> nodes = devices.stream()
                        .map(d -> api.node(customer, d.name()).orElseThrow(() -> unknownNode(d)))
                        .toList();
                List<String> served = api.instances(customer).stream()
                        .filter(i -> i.service().equals(service))
                        .map(FleetApi.Instance::node)
                        .toList();
                nodes.stream().filter(n -> !served.contains(n)).forEach(n -> api.addInstance(service, n));
                awaitSettled(api, customer, progress);
            }
            return report(api, customer);
        }
    }

    private static ProblemException unknownNode(VirtualDevice device) {
        return new Problem(
                        "lab.node-missing",
                        "The control plane does not know device " + device.name() + " any more.",
                        "Begin anew: ./skerry down --purge, then ./skerry up.")
                .asException();
    }

    /** Waits until each instance of the service is healthy, or what hinders it is told. */
    private void awaitSettled(FleetApi api, String customer, Progress progress) {
        progress.begin("Waiting until " + SERVICE + " is healthy on each device");
        boolean settled = Pause.until(Duration.ofMinutes(2), () -> {
            List<FleetApi.Instance> instances = sample(api, customer);
            progress.note(states(instances));
            for (VirtualDevice device : devices) {
                if (device.daemon().isEmpty()) {
                    throw io.skerry.lab.host.Daemon.ended(List.of("device " + device.name()), device.log());
                }
            }
            return instances.stream().allMatch(i -> i.online() && i.settled());
        });
        List<FleetApi.Instance> instances = sample(api, customer);
        List<FleetApi.Instance> down = instances.stream()
                .filter(i -> !settled || i.runningVersion().isEmpty())
                .toList();
        if (!down.isEmpty()) {
            String reasons = down.stream()
                    .filter(i -> !i.healthy())
                    .map(i -> i.nodeName() + " is " + i.state() + (i.reason().isEmpty() ? "" : " (" + i.reason() + ")"))
                    .collect(Collectors.joining("; "));
            throw new Problem(
                            "lab.not-healthy",
                            SERVICE + " did not become healthy: " + reasons + ".",
                            "The devices' logs are in " + folder.resolve("log") + ".")
                    .asException();
        }
        progress.done(SERVICE + ": " + states(instances));
    }

    /** The sample's instances on the lab's devices; others may have enrolled here too. */
    private List<FleetApi.Instance> sample(FleetApi api, String customer) {
        Set<String> names = devices.stream().map(VirtualDevice::name).collect(Collectors.toSet());
        return api.instances(customer).stream()
                .filter(i -> i.serviceName().equals(SERVICE) && names.contains(i.nodeName()))
                .toList();
    }

    private static String states(List<FleetApi.Instance> instances) {
        return instances.stream()
                .map(i -> i.nodeName() + " " + (i.online() ? i.state() : "not yet connected")
                        + i.runningVersion().map(v -> ", version " + v).orElse(""))
                .collect(Collectors.joining("; "));
    }

    private LabReport report(FleetApi api, String customer) {
        List<LabReport.Node> nodes = devices.stream()
                .map(d -> new LabReport.Node(
                        api.node(customer, d.name()).orElse(""),
                        d.name(),
                        d.namespace(),
                        d.data().toString()))
                .toList();
        List<LabReport.Service> services = api.instances(customer).stream()
                .collect(Collectors.groupingBy(FleetApi.Instance::service))
                .values()
                .stream()
                .map(of -> new LabReport.Service(
                        of.getFirst().service(),
                        of.getFirst().serviceName(),
                        of.stream()
                                .map(i -> new LabReport.Instance(
                                        i.id(),
                                        i.node(),
                                        i.nodeName(),
                                        i.state(),
                                        i.runningVersion().orElse(0)))
                                .toList()))
                .toList();
        return new LabReport(
                cloud.url() + "/graphql",
                cloud.deviceUrl().toString(),
                cloud.url().toString(),
                cloud.authority().toString(),
                cloud.key(),
                customer,
                nodes,
                services,
                Host.missing());
    }

    /**
     * Ends all that runs and removes its mounts, groups, namespaces and bridge. Data stays unless it is purged.
     *
     * @param purge whether the lab's data goes as well
     */
    public void down(boolean purge, Progress progress) {
        for (VirtualDevice device : devices) {
            progress.begin("Stopping device " + device.name());
            device.close();
            progress.done("Device " + device.name() + " is off");
        }
        progress.begin("Stopping the control plane");
        cloud.stop();
        registry.stop();
        if (settings.subnet().isPresent()) {
            guests().forEach(network::removeNamespace);
            network.removeBridge();
            new Cgroups().removeIfEmpty("/skerry");
        }
        progress.done("Control plane is off");
        if (purge) {
            progress.begin("Deleting the lab's data");
            cloud.purge();
            for (String part : List.of("devices", "boots", "registry", "log", "config")) {
                Folders.delete(folder.resolve(part));
            }
            try {
                Files.deleteIfExists(folder.resolve("lab.json"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            progress.done("The lab's data is deleted");
        }
    }

    /** Lets go of the folder; what runs goes on. */
    @Override
    public void close() {
        release(lock);
    }
}
