package io.skerry.device.container;

import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus.Cause;

/** What the end of a container means; pure. */
final class Ending {
    /** SIGKILL: also what is assumed of a container whose end nobody saw. */
    static final int KILLED = 128 + 9;

    private static final int HANGUP = 128 + 1;
    private static final int INTERRUPT = 128 + 2;

    private Ending() {}

    /**
     * Why a container ended that the device didn't stop.
     *
     * <p>The kernel ends the init of a PID namespace by SIGHUP when a process in it calls {@code reboot(RESTART)}, by SIGINT
     * for {@code HALT} and {@code POWER_OFF} (reboot(2)). A container whose main program itself died of one of these looks the
     * same, because tini ends with 128 and the signal's number; hence reboots count against the back-off too.
     *
     * @param oomKills how often the kernel killed a process of it for want of memory
     */
    static Cause cause(int code, long oomKills) {
        if (oomKills > 0 && code != 0) {
            return Cause.OUT_OF_MEMORY;
        }
        return switch (code) {
            case HANGUP -> Cause.REBOOTED;
            case INTERRUPT -> Cause.HALTED;
            default -> Cause.EXITED;
        };
    }

    /** Whether a container that ended so is started again. */
    static boolean restarts(RestartPolicy policy, Cause cause, int code) {
        return switch (cause) {
            case REBOOTED, STOPPED -> true;
            case HALTED -> false;
            case EXITED, OUT_OF_MEMORY ->
                switch (policy) {
                    case ALWAYS, UNLESS_STOPPED -> true;
                    case ON_FAILURE -> code != 0;
                    case NO -> false;
                };
        };
    }
}
