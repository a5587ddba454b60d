package io.skerry.device.identity;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What time it is on a machine whose clock may be missing, wrong, or set while the daemon runs.
 *
 * <p>The rule:
 *
 * <ul>
 *   <li>The <em>last known good time</em> is what the cloud told last over a connection whose certificate was good; it is kept
 *       on the disk.
 *   <li>Once the cloud has told the time, the time is that one and what has passed since on a clock that can't be set, until
 *       the daemon ends.
 *   <li>Before that it is the system's clock if this is not before the last known good time and not more than
 *       {@link #BELIEVABLE} after it; else the last known good time and what has passed since the daemon's start.
 *   <li>Whether a certificate has ended is judged by {@link #proven} alone, which never goes by the system's clock: a clock that
 *       is some months ahead is believable and would make each good certificate bad.
 *   <li>A time that the cloud told may have been wrong itself. So it may be told an earlier one, and when it wasn't heard for
 *       {@link #LOST} nothing counts as ended until it is: else one mistake at the cloud could lock out a fleet.
 * </ul>
 *
 * <p>A certificate's beginning isn't compared: an authority signs nothing for the future, and a device that comes back from a
 * store-room without a clock must accept what was signed meanwhile. Safe for use by several threads.
 */
public final class TrustedTime implements InstantSource {
    /** How far a system clock may be ahead of the last known good time and still be believed. */
    static final Duration BELIEVABLE = Duration.ofDays(400);

    /** How long the cloud may not be heard until the reason is looked for in the device's own idea of the time. */
    static final Duration LOST = Duration.ofDays(1);

    /** No daemon of this version ran before. */
    static final Instant FLOOR = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant CEILING = Instant.parse("9999-01-01T00:00:00Z");

    /** How long an answer that tells the time may have been on its way. */
    private static final Duration DELAY = Duration.ofHours(1);

    /** The file is written this seldom at most, for the sake of flash memory. */
    private static final Duration WRITTEN_EVERY = Duration.ofHours(6);

    private static final System.Logger LOG = System.getLogger(TrustedTime.class.getName());

    private final Path file;
    private final InstantSource system;
    private final LongSupplier nanos;
    private final long opened;
    private final ReentrantLock lock = new ReentrantLock();
    private Instant lastGood;
    private long heard;
    private Optional<Anchor> anchor = Optional.empty();

    private record Anchor(Instant time, long nanos) {}

    private TrustedTime(Path file, InstantSource system, LongSupplier nanos, Instant lastGood) {
        this.file = file;
        this.system = system;
        this.nanos = nanos;
        this.lastGood = lastGood;
        this.opened = nanos.getAsLong();
        this.heard = opened;
    }

    /**
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public static TrustedTime open(Path data, InstantSource system, LongSupplier nanos) {
        Path file = data.resolve("last-good-time");
        return new TrustedTime(file, system, nanos, kept(file));
    }

    /** The best that is known. */
    @Override
    public Instant instant() {
        lock.lock();
        try {
            Instant least = least();
            if (anchor.isPresent()) {
                return least;
            }
            return believed(least).orElse(least);
        } finally {
            lock.unlock();
        }
    }

    /** What time it is, unless nobody has told it in this run of the daemon and the system's clock isn't to be believed. */
    public Optional<Instant> known() {
        lock.lock();
        try {
            Instant least = least();
            return anchor.isPresent() ? Optional.of(least) : believed(least);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Instant> believed(Instant least) {
        Instant clock = system.instant();
        return clock.isBefore(least) || clock.isAfter(least.plus(BELIEVABLE)) ? Optional.empty() : Optional.of(clock);
    }

    /** What has ended before this has ended for sure. */
    public Instant proven() {
        lock.lock();
        try {
            boolean lost = nanos.getAsLong() - heard > LOST.toNanos();
            return lost ? FLOOR : least();
        } finally {
            lock.unlock();
        }
    }

    private Instant least() {
        long now = nanos.getAsLong();
        return anchor.map(a -> a.time().plusNanos(now - a.nanos())).orElseGet(() -> lastGood.plusNanos(now - opened));
    }

    /** The cloud said that it is this time, over a connection whose certificate was good until {@code certificateEnd}. */
    public void told(Instant time, Instant certificateEnd) {
        lock.lock();
        try {
            if (time.isBefore(FLOOR) || time.isAfter(CEILING) || time.isAfter(certificateEnd)) {
                return;
            }
            heard = nanos.getAsLong();
            if (anchor.isPresent() && isBetween(time, least().minus(DELAY), least())) {
                return;
            }
            anchor = Optional.of(new Anchor(time, heard));
            if (Duration.between(lastGood, time).abs().compareTo(WRITTEN_EVERY) >= 0) {
                if (time.isBefore(lastGood)) {
                    LOG.log(System.Logger.Level.WARNING, "the cloud's time went back from {0} to {1}", lastGood, time);
                }
                lastGood = time;
                write(time);
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isBetween(Instant time, Instant least, Instant most) {
        return !time.isBefore(least) && !time.isAfter(most);
    }

    /** A disk that takes nothing is no reason to lose the answer that told the time. */
    private void write(Instant time) {
        try {
            DurableFiles.write(file, time.toString().getBytes(StandardCharsets.US_ASCII), 0644);
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    /** What can't be read or can't be only makes the rule milder; a device must not be lost over it. */
    private static Instant kept(Path file) {
        try {
            return FileIdentity.read(file)
                    .map(text -> Instant.parse(text.strip()))
                    .filter(time -> isBetween(time, FLOOR, CEILING))
                    .orElse(FLOOR);
        } catch (ProblemException | DateTimeParseException e) {
            LOG.log(System.Logger.Level.WARNING, "the last known good time can't be read from " + file, e);
            return FLOOR;
        }
    }
}
