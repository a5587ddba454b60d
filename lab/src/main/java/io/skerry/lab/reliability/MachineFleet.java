package io.skerry.lab.reliability;

import io.skerry.lab.FleetApi;
import io.skerry.lab.Folders;
import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.Progress;
import io.skerry.lab.vm.MachineDevice;
import io.skerry.lab.vm.MachineSettings;
import io.skerry.lab.vm.SystemdRoot;
import io.skerry.lab.vm.VirtualMachine;
import io.skerry.lab.vm.VolatileDisk;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private final TrialServices services;
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
            services = new TrialServices(lab, api);
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

    /** The services of its customer. */
    public TrialServices services() {
        return services;
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
