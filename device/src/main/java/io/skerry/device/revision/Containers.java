package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.status.ContainerStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The containers that run on a device. They go on running when the daemon ends and are found again when it starts. After a
 * reboot of the machine they are known, but don't run until they are started. Safe for use by several threads; what concerns
 * one container happens in the order of the calls.
 */
public interface Containers {
    /**
     * Makes what the container's network needs, if it is missing, so that its start doesn't wait for that.
     *
     * @throws ProblemException {@code container.…} or {@code host.…}
     */
    void prepareNetwork(String name, Slot slot, Container container);

    /** Whether that is there, or the container runs with it. */
    boolean networkPrepared(String name, Slot slot);

    /**
     * Starts a container, or only mounts it when {@link io.skerry.spec.desired.Goal#MOUNTED} is its goal, and keeps it as its
     * restart policy says, until {@link #stop}. One that is known from before a reboot in this very form goes on with the
     * files that it wrote; else what an earlier container in this slot left is removed first. Its volumes and its network must be there.
     *
     * @param goal how far it is to get; it decides whether it is only mounted, and what its health is without a health check
     * @throws ProblemException {@code container.…}; nothing of it is left running
     */
    void start(String name, Slot slot, Container container, Goal goal, PreparedImage image);

    /**
     * Stops a container (stop signal, grace time, kill) and removes it with its network, but not its volumes. When the main
     * one is stopped, the one beside it takes its place. Does nothing when there is none in this slot.
     *
     * @throws ProblemException {@code container.…} when it can't be stopped; it is kept on then
     */
    void stop(String name, Slot slot);

    /**
     * Runs a command in a container that runs; what went wrong, if anything did: {@code hook.failed}, {@code hook.timeout}. A
     * thread that is interrupted meanwhile ends the command, which has as long for that as its container has to stop.
     *
     * @throws ProblemException {@code host.command-interrupted}; the command is over
     */
    Optional<Problem> runHook(String name, Slot slot, UpdateRules.Hook hook);

    /** Whether the container holds {@code /host/update.lock}, by which it puts an update off. */
    boolean holdsUpdateLock(String name);

    /** What there is now, by name. */
    Map<String, Present> present();

    /** How each main one is that is kept. */
    List<ContainerStatus> status();

    /** How each is that runs beside a main one. */
    List<ContainerStatus> besideStatus();

    /** The last lines that a container wrote, oldest first. */
    List<String> logTail(String name, Slot slot, int lines);

    /** Calls this whenever a status may have changed; from any thread, and must return quickly. */
    void onChange(Runnable listener);
}
