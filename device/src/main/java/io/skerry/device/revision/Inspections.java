package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.status.ContainerStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks, for committed containers that are started again and again, whether the disk has lost something of their images: then
 * no other version helps, only the same content once more. One image at a time, on a thread of its own, since all of it is
 * read; and the less often the longer a container fails. For the engine's thread.
 */
final class Inspections {
    private static final System.Logger LOG = System.getLogger(Inspections.class.getName());

    /** One end may be anything. */
    private static final int RESTARTS = 2;

    private final Images images;
    private final Runnable signal;
    private final Map<Digest, Watched> watched = new HashMap<>();
    private @Nullable Thread thread;

    /**
     * @param first how often its containers were started again when it was first seen
     * @param at how often they are when it is looked at next
     */
    private record Watched(int first, int at) {}

    /** @param signal called when something was found that the engine should see */
    Inspections(Images images, Runnable signal) {
        this.images = images;
        this.signal = signal;
    }

    /** Looks at what is known of the containers, and begins with an image if it is time. */
    void look(List<ContainerStatus> statuses) {
        Map<Digest, Integer> restarts = new HashMap<>();
        statuses.forEach(s -> restarts.merge(s.manifest(), s.restarts(), Integer::sum));
        watched.keySet().retainAll(restarts.keySet());
        restarts.forEach((image, count) -> {
            Watched was = watched.compute(
                    image, (_, w) -> w == null || count < w.first() ? new Watched(count, count + RESTARTS) : w);
            if (count >= was.at() && (thread == null || !thread.isAlive())) {
                watched.put(image, new Watched(was.first(), was.first() + 2 * (count - was.first())));
                thread = Thread.ofVirtual().name("inspecting").start(() -> inspect(image));
            }
        });
    }

    private void inspect(Digest image) {
        try {
            if (images.isFoundDamaged(image)) {
                signal.run();
            }
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    /** Ends what is being looked at. */
    void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
