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
 * The time by which certificates are judged on a machine whose clock may be missing or wrong.
 *
 * <p>The rule:
 *
 * <ul>
 *   <li>The <em>last known good time</em> is the latest time that the cloud told over a connection whose certificate was good;
 *       it is kept on the disk and never goes back.
 *   <li>After such a telling, within one run of the daemon, the time is that one and what has passed since on a clock that
 *       can't be set.
 *   <li>Before it, the time is the system's clock if that is not before the last known good time and not more than
 *       {@link #BELIEVABLE} after it; else it is the last known good time. So a clock that starts in 1970 doesn't make good
 *       certificates invalid, and one that stands in a far future doesn't make them expired.
 * </ul>
 *
 * <p>A certificate counts as expired when it ended before this time. Its beginning isn't compared: an authority signs nothing
 * for the future, and a device that comes back from a store-room without a clock must accept what was signed meanwhile.
 */
public final class TrustedTime implements InstantSource {
    /** How far a system clock may be ahead of the last known good time and still be believed. */
    static final Duration BELIEVABLE = Duration.ofDays(400);

    /** No daemon of this version ran before. */
    static final Instant FLOOR = Instant.parse("2026-01-01T00:00:00Z");

    /** The file is written this seldom at most, for the sake of flash memory. */
    private static final Duration WRITTEN_EVERY = Duration.ofHours(6);

    private static final System.Logger LOG = System.getLogger(TrustedTime.class.getName());

    private final Path file;
    private final InstantSource system;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private Instant lastGood;
    private Optional<Anchor> anchor = Optional.empty();

    private record Anchor(Instant time, long nanos) {}

    private TrustedTime(Path file, InstantSource system, LongSupplier nanos, Instant lastGood) {
        this.file = file;
        this.system = system;
        this.nanos = nanos;
        this.lastGood = lastGood;
    }

    /**
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public static TrustedTime open(Path data, InstantSource system, LongSupplier nanos) {
        Path file = data.resolve("last-good-time");
        Instant kept = FileIdentity.read(file).map(TrustedTime::parse).orElse(FLOOR);
        return new TrustedTime(file, system, nanos, kept.isBefore(FLOOR) ? FLOOR : kept);
    }

    @Override
    public Instant instant() {
        lock.lock();
        try {
            if (anchor.isPresent()) {
                Anchor a = anchor.get();
                return a.time().plusNanos(nanos.getAsLong() - a.nanos());
            }
            Instant clock = system.instant();
            boolean believed = !clock.isBefore(lastGood) && !clock.isAfter(lastGood.plus(BELIEVABLE));
            return believed ? clock : lastGood;
        } finally {
            lock.unlock();
        }
    }

    /** The cloud said that it is this time, over a connection whose certificate was good until {@code certificateEnd}. */
    public void told(Instant time, Instant certificateEnd) {
        lock.lock();
        try {
            if (time.isBefore(lastGood) || time.isAfter(certificateEnd)) {
                return;
            }
            anchor = Optional.of(new Anchor(time, nanos.getAsLong()));
            if (Duration.between(lastGood, time).compareTo(WRITTEN_EVERY) >= 0) {
                lastGood = time;
                write(time);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A disk that takes nothing is no reason to lose the answer that told the time. */
    private void write(Instant time) {
        try {
            DurableFiles.write(file, time.toString().getBytes(StandardCharsets.US_ASCII), 0644);
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    private static Instant parse(String text) {
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeParseException e) {
            // Only makes the rule milder; a device must not be lost over it.
            return FLOOR;
        }
    }
}
