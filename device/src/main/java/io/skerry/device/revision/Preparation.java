package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gets the images of one revision while everything old runs, on a thread of its own. What a retry may cure is tried again
 * without end, until it is cancelled.
 */
final class Preparation {
    private static final System.Logger LOG = System.getLogger(Preparation.class.getName());

    private final Revision revision;
    private final Images images;
    private final BackOff backOff;
    private final Runnable signal;
    private final boolean patient;
    private final Thread thread;
    private volatile @Nullable Problem trouble;
    private volatile @Nullable End end;

    /** How it can end. */
    sealed interface End {
        /** All images are here. */
        record Ready() implements End {}

        /** They can't be used. */
        record Refused(Reason reason) implements End {}
    }

    /**
     * Begins.
     *
     * @param patient whether to go on trying even where a retry seems useless: for what is committed already
     * @param signal called when something has changed
     */
    static Preparation start(Revision revision, Images images, BackOff backOff, boolean patient, Runnable signal) {
        Preparation preparation = new Preparation(revision, images, backOff, patient, signal);
        preparation.thread.start();
        return preparation;
    }

    private Preparation(Revision revision, Images images, BackOff backOff, boolean patient, Runnable signal) {
        this.revision = revision;
        this.images = images;
        this.backOff = backOff;
        this.patient = patient;
        this.signal = signal;
        this.thread = Thread.ofVirtual().name("prepare-" + revision.number()).unstarted(this::run);
    }

    Revision revision() {
        return revision;
    }

    /** How it ended, when it has. */
    Optional<End> end() {
        return Optional.ofNullable(end);
    }

    /** What keeps it from getting on at the moment. */
    Optional<Problem> trouble() {
        return Optional.ofNullable(trouble);
    }

    /**
     * What this obstacle is to whoever asked for the revision: a full disk refuses it, until there is room; a link that is
     * down only delays it.
     */
    Optional<Outcome> refusal(Problem obstacle) {
        return patient || !obstacle.code().startsWith("disk.")
                ? Optional.empty()
                : Optional.of(new Outcome(
                        revision.number(),
                        revision.workload().digest(),
                        Outcome.Result.REFUSED,
                        Optional.of(Reason.of(obstacle)),
                        Optional.empty()));
    }

    /** Ends it at once and waits until its thread has let go of what it was doing. */
    void cancel() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (end == null) {
                attempt();
            }
        } catch (InterruptedException e) {
            // Cancelled: nobody asks for the end of it any more.
            LOG.log(System.Logger.Level.DEBUG, "preparation of revision {0} was cancelled", revision.number());
        }
    }

    private void attempt() throws InterruptedException {
        String at = "";
        try {
            Map<Digest, Image> wanted = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
            revision.workload()
                    .containers()
                    .values()
                    .forEach(c -> wanted.put(c.image().manifest(), c.image()));
            for (Image image : wanted.values()) {
                at = container(image);
                images.fetch(image);
                images.unpack(image);
            }
            trouble = null;
            end = new End.Ready();
        } catch (ProblemException e) {
            failed(at, e.problem(), e);
        } catch (RuntimeException e) {
            failed(at, new Problem("device.internal", "Preparing an image failed unexpectedly: " + e + "."), e);
        } catch (Error e) {
            // Memory that ran out may be there again; a thread that ended without a word would be waited for without
            // end.
            failed(
                    at,
                    new Problem(
                            "device.fault",
                            "Preparing an image broke off: " + e + ".",
                            "It is tried again by itself; if that doesn't help, look whether the device has memory left."),
                    e);
        } finally {
            signal.run();
        }
        if (end == null) {
            Thread.sleep(backOff.next());
        }
    }

    private void failed(String container, Problem problem, Throwable cause) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LOG.log(System.Logger.Level.WARNING, "revision " + revision.number() + ": " + problem.sentence(), cause);
        trouble = problem;
        if (!patient && !curable(problem)) {
            end = new End.Refused(new Reason(container, problem, List.of()));
        }
    }

    /** Whether the same document may succeed later without anybody changing it. */
    static boolean curable(Problem problem) {
        String code = problem.code();
        return code.equals("registry.unreachable")
                || code.equals("registry.unauthorized")
                || code.equals("registry.not-found")
                || code.equals("registry.unavailable")
                || code.equals("content.busy")
                || code.equals("device.fault")
                || code.startsWith("disk.")
                || code.startsWith("host.")
                || code.startsWith("link.");
    }

    private String container(Image image) {
        return revision.workload().containers().entrySet().stream()
                .filter(e -> e.getValue().image().equals(image))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }
}
