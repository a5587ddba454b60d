package io.skerry.lab.reliability;

import io.skerry.lab.FleetApi;
import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.PassingLab;
import io.skerry.lab.vm.MachineDevice;
import io.skerry.lab.vm.MachineSettings;
import io.skerry.lab.vm.SystemdRoot;
import io.skerry.lab.vm.VirtualMachine;
import io.skerry.lab.vm.VolatileDisk;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.Map;

/**
 * A control plane on this host and one device in a virtual machine, enrolled, with its daemon running and its data on a disk
 * that can lose power. Nothing is left of it when it is closed but the console's log, if it is asked for.
 */
public final class MachineFleet implements AutoCloseable {
    /** The device's name. */
    public static final String NODE = "machine";

    private static final long DISK_BYTES = 512L << 20;

    private final PassingLab lab;
    private final String customer;
    private final TrialServices services;
    private final VolatileDisk disk;
    private final VirtualMachine machine;
    private final MachineDevice device;

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
        lab = new PassingLab(installation, name, 0);
        try {
            customer = api().firstCustomer();
            services = new TrialServices(lab);
            disk = VolatileDisk.formatted(lab.folder().resolve("disk"), DISK_BYTES);
            MachineSettings plain = MachineSettings.plain().withDisk(disk).withNetwork(lab().connect(NODE));
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
                    lab.folder().resolve("machine"));
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
        device = new MachineDevice(machine, installation, keeper);
        try {
            machine.boot();
            device.enrol(lab().cloud().deviceUrl(), api().claimToken(customer, NODE), NODE);
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
        return lab.lab();
    }

    public FleetApi api() {
        return lab.api();
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
        return api().node(customer, NODE).orElseThrow();
    }

    /** Takes the device's network cable out or puts it back. */
    public void plug(boolean in) {
        lab().plug(NODE, in);
    }

    /** The services of its customer. */
    public TrialServices services() {
        return services;
    }

    @Override
    public void close() {
        machine.close();
        disk.close();
        lab.close();
    }
}
