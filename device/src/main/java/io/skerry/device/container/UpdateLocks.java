package io.skerry.device.container;

import java.io.IOException;
import java.nio.file.Path;

/** Which containers hold {@code /host/update.lock}, for whoever has no daemon to ask. Reads only. */
public final class UpdateLocks {
    private static final System.Logger LOG = System.getLogger(UpdateLocks.class.getName());
    private static final Processes MACHINE = new Processes(Path.of("/proc"));

    private final ContainerSettings settings;

    /** @param data the device's data folder */
    public UpdateLocks(Path data) {
        // The control groups' scope is of no matter for files.
        this.settings = ContainerSettings.of(data, "device");
    }

    /** Whether the program of the main container of this name runs and holds it. */
    public boolean held(String name) {
        return Slots.mainOnDisk(settings.folder(RuncContainers.checked(name)))
                .filter(f -> HostFolder.said(f.updateLock()))
                .filter(UpdateLocks::runs)
                .isPresent();
    }

    private static boolean runs(ContainerFolder folder) {
        try {
            return Records.run(folder).filter(r -> MACHINE.run(r.init())).isPresent();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a container's record can't be read", e);
            return false;
        }
    }
}
