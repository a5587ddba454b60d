package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import java.nio.file.Path;
import java.util.Set;

/**
 * The network namespaces of containers; they outlive the container's process and end with the machine's power. Safe for use by
 * several threads.
 */
public interface Networks {
    /**
     * Makes a namespace and what the container is to find in it, if that is missing.
     *
     * @param id by which it is known; unlike containers' names, one each for two forms of one container
     * @return a file that stands for the namespace
     * @throws ProblemException {@code network.…} or {@code host.…}
     */
    Path configure(String id, Container container);

    /** Whether it is there. */
    boolean has(String id);

    /** Removes it; nothing to do is no error. */
    void remove(String id);

    /** All that are there. */
    Set<String> all();
}
