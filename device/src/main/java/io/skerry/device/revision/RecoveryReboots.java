package io.skerry.device.revision;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reboots the device for committed containers that used up their retries and ask for that ({@link Recovery.Exhausted#REBOOT}).
 * The first time at once; each further time without half an hour of peace between them after a longer wait, so that a device
 * whose container can't be helped stays reachable. For one thread.
 */
final class RecoveryReboots {
    private static final System.Logger LOG = System.getLogger(RecoveryReboots.class.getName());
    private static final Duration PEACE = Duration.ofMinutes(30);
    private static final Duration FIRST = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Path file;
    private final Machine machine;
    private final Ticker ticker;
    private long quietSince;
    /** Since when the pause before the next reboot lasts: since the daemon began, or since it asked for a reboot. */
    private long pausingSince;
    /** As the file's number, which the disk may not take. */
    private int asked;

    RecoveryReboots(Path data, Machine machine, Ticker ticker) {
        this.file = data.resolve("revisions/recovery-reboots");
        this.machine = machine;
        this.ticker = ticker;
        this.quietSince = ticker.nanos();
        this.pausingSince = quietSince;
    }

    /** Looks whether it is time; returns when to look again, in nanoseconds of the ticker. */
    long look(List<ContainerStatus> statuses, Workload committed) {
        Optional<String> exhausted = statuses.stream()
                .filter(s -> s.state() == State.GIVEN_UP)
                .map(ContainerStatus::name)
                .filter(n -> Optional.ofNullable(committed.containers().get(n))
                        .filter(RecoveryReboots::asksForReboot)
                        .isPresent())
                .findFirst();
        long now = ticker.nanos();
        int before = Math.max(count(), asked);
        if (exhausted.isEmpty()) {
            if (before > 0 && now - quietSince >= PEACE.toNanos()) {
                DurableFiles.delete(file);
                asked = 0;
            }
            return before > 0 ? quietSince + PEACE.toNanos() : Long.MAX_VALUE;
        }
        quietSince = now;
        long due = pausingSince + pause(before).toNanos();
        if (now - due < 0) {
            return due;
        }
        // A reboot that fails, or that never comes, is asked for again.
        pausingSince = now;
        asked = before + 1;
        reboot(exhausted.get());
        return pausingSince + pause(asked).toNanos();
    }

    private void reboot(String container) {
        LOG.log(System.Logger.Level.WARNING, "rebooting: the retries of container {0} are used up", container);
        try {
            DurableFiles.write(file, Integer.toString(asked).getBytes(StandardCharsets.US_ASCII), 0600);
        } catch (ProblemException e) {
            // Uncounted reboots could go on for ever.
            LOG.log(System.Logger.Level.ERROR, "not rebooting: " + e.problem().sentence(), e);
            return;
        }
        machine.reboot("the retries of container " + container + " are used up");
    }

    private static boolean asksForReboot(Container container) {
        return container
                .recovery()
                .filter(r -> r.exhausted() == Recovery.Exhausted.REBOOT)
                .isPresent();
    }

    private static Duration pause(int before) {
        if (before == 0) {
            return Duration.ZERO;
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(before - 1, 10));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    private int count() {
        return StateFiles.bytes(file)
                .map(b -> new String(b, StandardCharsets.US_ASCII).strip())
                .filter(s -> s.matches("[0-9]{1,6}"))
                .map(Integer::valueOf)
                .orElse(0);
    }
}
