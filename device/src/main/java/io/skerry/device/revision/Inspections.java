package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.State;
import io.skerry.spec.status.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks, for containers that fail, whether the disk has lost something of their images: then no other version helps, only the
 * same content once more. One image at a time, on a thread of its own, since all of it is read and nothing waits for that; and
 * the less often the longer its containers fail. For the engine's thread.
 */
final class Inspections {
    private static final System.Logger LOG = System.getLogger(Inspections.class.getName());

    /** One end may be anything. */
    private static final int RESTARTS = 2;

    /** A disk that loses the same thing again and again isn't helped by fetching it, and megabytes cost. */
    private static final int MOST_FOUND = 5;

    /** So many images' failures are remembered. */
    private static final int MOST_COUNTED = 64;

    private final Images images;
    private final Runnable signal;
    private final Map<Digest, Watched> watched = new HashMap<>();
    private final Map<Digest, Integer> failures = new HashMap<>();
    private final Map<Digest, Integer> timesFound = new HashMap<>();
    private final Set<Digest> waiting = new LinkedHashSet<>();
    private final Set<Digest> found = ConcurrentHashMap.newKeySet();
    private @Nullable Thread thread;

    /**
     * @param first how often an image's containers were started again when it was first seen
     * @param at how often they are when it is looked at next
     */
    private record Watched(int first, int at) {}

    /** @param signal called when an image was looked at */
    Inspections(Images images, Runnable signal) {
        this.images = images;
        this.signal = signal;
    }

    /** Takes note of how containers are that are kept. */
    void look(List<ContainerStatus> statuses) {
        Map<Digest, Integer> restarts = new HashMap<>();
        Set<Digest> over = new HashSet<>();
        for (ContainerStatus status : statuses) {
            restarts.merge(status.manifest(), status.restarts(), Integer::sum);
            if (endedBadly(status)) {
                over.add(status.manifest());
            }
        }
        watched.keySet().retainAll(restarts.keySet());
        restarts.forEach((image, count) -> {
            Watched was = watched.compute(
                    image, (_, w) -> w == null || count < w.first() ? new Watched(count, count + RESTARTS) : w);
            // What isn't started any more tells no more than it has.
            int told = count + (over.contains(image) ? RESTARTS : 0);
            if (told >= was.at()) {
                watched.put(image, new Watched(was.first(), was.first() + 2 * (told - was.first())));
                suspect(image);
            }
        });
        beginNext();
    }

    private static boolean endedBadly(ContainerStatus status) {
        return status.state() == State.GIVEN_UP
                || (status.state() == State.STOPPED
                        && status.lastExit().filter(e -> e.code() != 0).isPresent());
    }

    /** An attempt to have this workload run failed. */
    void failed(Workload workload, Reason reason) {
        Container container = workload.containers().get(reason.container());
        if (container == null || !mayBeDamage(reason.problem().code())) {
            return;
        }
        Digest image = container.image().manifest();
        if (failures.size() >= MOST_COUNTED) {
            failures.clear();
        }
        if (Integer.bitCount(failures.merge(image, 1, Integer::sum)) == 1) {
            suspect(image);
            beginNext();
        }
    }

    /** What a program or a runtime may end with that doesn't find its files as they were. */
    private static boolean mayBeDamage(String code) {
        return switch (code) {
            case "container.out-of-memory", "container.halted", "container.rebooted" -> false;
            case "disk.failed", "group.goal-not-reached" -> true;
            default -> code.startsWith("container.") || code.startsWith("hook.");
        };
    }

    private void suspect(Digest image) {
        if (timesFound.getOrDefault(image, 0) < MOST_FOUND) {
            waiting.add(image);
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "image {0} was damaged {1} times: the disk is failing",
                    image,
                    MOST_FOUND);
        }
    }

    private void beginNext() {
        if (waiting.isEmpty() || (thread != null && thread.isAlive())) {
            return;
        }
        Digest next = waiting.iterator().next();
        waiting.remove(next);
        // Not a virtual thread: reading a disk holds its carrier, of which a small machine has one.
        thread = Thread.ofPlatform().name("inspecting").daemon().start(() -> inspect(next));
    }

    private void inspect(Digest image) {
        try {
            if (images.isFoundDamaged(image)) {
                found.add(image);
            }
        } catch (Patience.CancelledException e) {
            LOG.log(System.Logger.Level.DEBUG, "nobody waits for it any more", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "image " + image + " can't be looked at now", e);
        }
        signal.run();
    }

    /** The images that were found to be damaged since the last call. */
    Set<Digest> takeFound() {
        beginNext();
        if (found.isEmpty()) {
            return Set.of();
        }
        Set<Digest> taken = Set.copyOf(found);
        found.removeAll(taken);
        taken.forEach(image -> timesFound.merge(image, 1, Integer::sum));
        return taken;
    }

    /** Ends what is being looked at. */
    void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
