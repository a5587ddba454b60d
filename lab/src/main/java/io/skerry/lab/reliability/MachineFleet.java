package io.skerry.lab.reliability;

import io.skerry.lab.FleetApi;
import io.skerry.lab.Folders;
import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.Progress;
import io.skerry.lab.SampleImage;
import io.skerry.lab.SourceRegistry;
import io.skerry.lab.vm.MachineDevice;
import io.skerry.lab.vm.MachineSettings;
import io.skerry.lab.vm.SystemdRoot;
import io.skerry.lab.vm.VirtualMachine;
import io.skerry.lab.vm.VolatileDisk;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A control plane on this host and one device in a virtual machine, enrolled, with its daemon running and its data on a disk
 * that can lose power. Nothing is left of it when it is closed but the console's log, if it is asked for.
 */
public final class MachineFleet implements AutoCloseable {
    /** The device's name. */
    public static final String NODE = "machine";

    private static final long DISK_BYTES = 512L << 20;

    private final Path folder;
    private final Lab lab;
    private final FleetApi api;
    private final String customer;
    private final VolatileDisk disk;
    private final VirtualMachine machine;
    private final MachineDevice device;
    private final Thread cleaner;

    /**
     * Makes it, which takes about half a minute.
     *
     * @param name 1 to 9 lower-case letters and digits, not used by another lab on this host
     * @param keeper who starts the daemon
     * @throws ProblemException when this host can't have it, {@link #missing}
     */
    public MachineFleet(Installation installation, String name, MachineDevice.Keeper keeper) {
        if (!missing().isEmpty()) {
            throw new Problem("lab.no-machines", missing()).asException();
        }
        try {
            folder = Files.createTempDirectory("skerry-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lab = Lab.create(installation, folder.resolve("lab"), name, 0);
        // An interrupted trial leaves no processes; the machine itself ends with this process.
        cleaner = new Thread(this::takeDown);
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            lab.start(Progress.SILENT);
            api = lab.cloud().api();
            customer = api.firstCustomer();
            disk = VolatileDisk.formatted(folder.resolve("disk"), DISK_BYTES);
            MachineSettings plain = MachineSettings.plain().withDisk(disk).withNetwork(lab.connect(NODE));
            machine = new VirtualMachine(
                    switch (keeper) {
                        case SHELL -> plain;
                        case SYSTEMD ->
                            SystemdRoot.of(
                                    plain,
                                    installation.state(),
                                    Map.of(MachineDevice.UNIT, MachineDevice.unit(installation)));
                    },
                    installation.state(),
                    folder.resolve("machine"));
        } catch (RuntimeException e) {
            end();
            throw e;
        }
        device = new MachineDevice(machine, installation, keeper);
        try {
            machine.boot();
            device.enrol(lab.cloud().deviceUrl(), api.claimToken(customer, NODE), NODE);
            device.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Why this host can't have such a fleet, in a sentence; empty when it can. */
    public static String missing() {
        return Lab.missing().isEmpty() ? VirtualMachine.missing() : Lab.missing();
    }

    public Lab lab() {
        return lab;
    }

    public FleetApi api() {
        return api;
    }

    public VolatileDisk disk() {
        return disk;
    }

    public VirtualMachine machine() {
        return machine;
    }

    public MachineDevice device() {
        return device;
    }

    /** The id of the device at the control plane. */
    public String node() {
        return api.node(customer, NODE).orElseThrow();
    }

    /** Takes the device's network cable out or puts it back. */
    public void plug(boolean in) {
        lab.plug(NODE, in);
    }

    /** This host's architecture, which the machine has too. */
    public static Architecture architecture() {
        return Architecture.ofJava(System.getProperty("os.arch")).orElseThrow();
    }

    /**
     * Imports sample images as versions of a service, in their order.
     *
     * @param metadata what differs from 32 MB, 3 s of probation and an HTTP check every second
     * @return the service's id
     */
    public String importVersions(String service, List<SampleImage> images, Map<String, ?> metadata) {
        SourceRegistry registry = lab.registry();
        registry.start();
        try {
            String id = "";
            for (SampleImage image : images) {
                id = importVersion(
                        service, registry.push(image, service, architecture()), registry.password(), metadata);
            }
            return id;
        } finally {
            registry.stop();
        }
    }

    private String importVersion(String service, String reference, String password, Map<String, ?> metadata) {
        Map<String, ?> health = Map.of(
                "http",
                Map.of("port", SampleImage.PORT),
                "interval_seconds",
                1,
                // An emulated machine needs a while to start the program that asks.
                "timeout_seconds",
                10,
                "retries",
                5);
        Map<String, Object> all = new HashMap<>(
                Map.of("memory_limit_mb", 32, "probation_seconds", 3, "stop_seconds", 2, "health", health));
        all.putAll(metadata);
        Map<String, ?> source = Map.of(
                "arch",
                architecture().word(),
                "image_reference",
                reference,
                "authn",
                Map.of("registry_user", SourceRegistry.USER, "registry_pw", password));
        return api.importService(Map.of(
                "customer_id",
                customer,
                "node_service_input",
                Map.of("name", service),
                "metadata",
                all,
                "image_sources",
                List.of(source)));
    }

    /** Keeps an instance at one version of its service. */
    public void pin(String instance, int version) {
        api.execute(
                "mutation($i: [ID!]!) { DM_update_node_service_instance_rollout_config(node_service_instance_ids: $i,"
                        + " version_target_selector: { value: \"version:" + version + "\" }) }",
                Map.of("i", List.of(instance)));
    }

    public FleetApi.Instance instance(String id) {
        return api.instances(customer).stream()
                .filter(i -> i.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void end() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } finally {
            takeDown();
        }
    }

    private void takeDown() {
        try {
            lab.down(true, Progress.SILENT);
        } finally {
            lab.close();
            Folders.delete(folder);
        }
    }

    @Override
    public void close() {
        api.close();
        machine.close();
        disk.close();
        end();
    }
}
