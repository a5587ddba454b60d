package io.skerry.device.revision;

import io.skerry.spec.ProblemException;

/** The machine that the daemon runs on. */
public interface Machine {
    /** What the kernel calls this boot. */
    String bootId();

    /**
     * Asks for a reboot and returns; the machine goes down soon after, or right away.
     *
     * @throws ProblemException {@code device.reboot-failed}
     */
    void reboot(String why);
}
