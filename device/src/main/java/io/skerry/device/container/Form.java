package io.skerry.device.container;

import io.skerry.spec.status.ContainerStatus.State;
import java.util.Optional;

/**
 * One form of a container that is on the device.
 *
 * @param kept by whom it is kept; empty after a reboot of the machine, until it is started
 */
record Form(ContainerFolder folder, ContainerRecord record, Optional<Supervision> kept) {
    /** One that was found on the disk. */
    static Form known(ContainerFolder folder, ContainerRecord record) {
        return new Form(folder, record, Optional.empty());
    }

    static Form kept(ContainerFolder folder, ContainerRecord record, Supervision supervision) {
        return new Form(folder, record, Optional.of(supervision));
    }

    /** Whether its program runs. */
    boolean runs() {
        return kept.filter(s -> s.status().state() == State.RUNNING).isPresent();
    }
}
