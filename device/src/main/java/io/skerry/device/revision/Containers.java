package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.status.ContainerStatus;
import java.util.List;
import java.util.Map;

/**
 * The containers that run on a device. They go on running when the daemon ends and are found again when it starts. Safe for
 * use by several threads; what concerns one container happens in the order of the calls.
 */
public interface Containers {
    /**
     * Starts a container and keeps it running as its restart policy says, until {@link #stop}. Its volumes are made when they
     * are missing. What an earlier container of this name left (but for its volumes) is removed first.
     *
     * @throws ProblemException {@code container.…}; nothing of it is left running
     */
    void start(String name, Container container, PreparedImage image);

    /**
     * Stops a container (stop signal, grace time, kill) and removes it, but for its volumes. Does nothing when there is none
     * of this name.
     */
    void stop(String name);

    /** Removes the volumes of a container that will not come back. */
    void removeVolumes(String name);

    /** What runs or is kept running now, by name, with what it was started from. */
    Map<String, Container> present();

    /** How each of them is. */
    List<ContainerStatus> status();

    /** The last lines that a container wrote, oldest first. */
    List<String> logTail(String name, int lines);

    /** Calls this whenever a status may have changed; from any thread, and must return quickly. */
    void onChange(Runnable listener);
}
