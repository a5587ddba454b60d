package io.skerry.device.revision;

import io.skerry.spec.status.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The places that an engine's work comes by: before and after each step, amid its effect, and at each change of the disk. They
 * are noted, and a fault can be laid at one of them.
 */
final class Places {
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<Passage> passages = new ArrayList<>();
    private final Map<Thread, Taken> taken = new ConcurrentHashMap<>();
    private final Map<Thread, Runnable> afterwards = new ConcurrentHashMap<>();
    private @Nullable Place armed;
    private @Nullable Strike strike;
    private boolean struck;
    private boolean noting;
    private Supplier<List<String>> files = List::of;

    /** A step on the way. */
    record Taken(Step step, Attempt attempt) {
        String words() {
            return attempt.way().word() + ": " + step.words();
        }
    }

    /** @param nth of the times that this is come by, from 1 */
    record Place(String what, int nth) {
        @Override
        public String toString() {
            return nth == 1 ? what : what + " (" + nth + ")";
        }
    }

    /** Where a place is within a step. */
    enum Point {
        BEFORE,
        AMID,
        AFTER,
        /** Outside of all steps. */
        BETWEEN
    }

    /**
     * One passing by.
     *
     * @param disk whether it is a change of the disk
     * @param files what was in the data folder before a step
     */
    record Passage(Place place, Point point, Optional<Taken> step, boolean disk, List<String> files) {}

    /** What happens there. */
    @FunctionalInterface
    interface Strike {
        /**
         * Throws, or lets the step go on.
         *
         * @return why the step fails, in its effect's stead
         */
        Optional<Reason> at(Optional<Taken> step) throws IOException;
    }

    /** Notes from now on what is passed, with the files that there are. */
    synchronized void note(Supplier<List<String>> filesNow) {
        noting = true;
        files = filesNow;
        counts.clear();
    }

    /** Lays a fault; places are counted from now on. */
    synchronized void arm(Place place, Strike fault) {
        counts.clear();
        armed = place;
        strike = fault;
    }

    synchronized List<Passage> passages() {
        return List.copyOf(passages);
    }

    synchronized boolean struck() {
        return struck;
    }

    /** The step that this thread is at. */
    Optional<Taken> taken() {
        return Optional.ofNullable(taken.get(Thread.currentThread()));
    }

    void begin(Taken step) {
        taken.put(Thread.currentThread(), step);
    }

    void end() {
        taken.remove(Thread.currentThread());
        Runnable mend = afterwards.remove(Thread.currentThread());
        if (mend != null) {
            mend.run();
        }
    }

    /** For a strike: done when the step that it struck has ended, however it did. */
    void afterwards(Runnable mend) {
        afterwards.put(Thread.currentThread(), mend);
    }

    Optional<Reason> before(Taken step) {
        return comeBy("before " + step.words(), Point.BEFORE, Optional.of(step));
    }

    void after(Taken step) {
        comeBy("after " + step.words(), Point.AFTER, Optional.of(step));
    }

    /** Amid the effect of the step that this thread is at, if it is at one. */
    void amid(String what) {
        taken().ifPresent(t -> comeBy("amid " + t.words() + ": " + what, Point.AMID, Optional.of(t)));
    }

    void disk(String operation) throws IOException {
        Optional<Taken> at = taken();
        come("disk: " + operation, at.isPresent() ? Point.AMID : Point.BETWEEN, at, true);
    }

    private Optional<Reason> comeBy(String what, Point point, Optional<Taken> step) {
        try {
            return come(what, point, step, false);
        } catch (IOException e) {
            throw new IllegalStateException("only the disk fails so", e);
        }
    }

    private Optional<Reason> come(String what, Point point, Optional<Taken> step, boolean disk) throws IOException {
        Strike now;
        synchronized (this) {
            int nth = counts.merge(what, 1, Integer::sum);
            Place place = new Place(what, nth);
            if (noting) {
                passages.add(new Passage(place, point, step, disk, point == Point.BEFORE ? files.get() : List.of()));
            }
            if (!place.equals(armed)) {
                return Optional.empty();
            }
            armed = null;
            struck = true;
            now = strike;
        }
        return now == null ? Optional.empty() : now.at(step);
    }
}
