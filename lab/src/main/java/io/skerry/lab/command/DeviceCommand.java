package io.skerry.lab.command;

import io.skerry.lab.VirtualDevice;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "device",
        description = "Does to a virtual device what happens to real ones.",
        mixinStandardHelpOptions = true)
final class DeviceCommand extends LabCommand implements Runnable {
    enum Deed {
        /** The daemon crashes; containers go on. */
        KILL,
        /** The daemon is stopped; containers go on. */
        STOP,
        START,
        /** A power cut, and power again. */
        REBOOT,
        /** The network cable is taken out. */
        UNPLUG,
        PLUG;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "DEED",
            description = "One of ${COMPLETION-CANDIDATES}. kill and stop end the daemon only, reboot is a power cut.")
    @SuppressWarnings("NullAway.Init")
    private Deed deed;

    @Parameters(index = "1", paramLabel = "NAME", description = "The device, for example edge-1.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    DeviceCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public void run() {
        withLab(lab -> {
            VirtualDevice device = lab.device(name);
            switch (deed) {
                case KILL -> device.kill();
                case STOP -> device.stop();
                case START -> device.start();
                case REBOOT -> device.reboot();
                case UNPLUG -> device.plug(false);
                case PLUG -> device.plug(true);
            }
        });
        surroundings().out().println("Device " + name + ": " + deed + " done");
    }
}
