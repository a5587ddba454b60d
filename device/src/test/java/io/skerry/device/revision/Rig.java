package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A device on which daemons live and die one after the other. Its time passes as fast as its daemon can follow. */
final class Rig implements AutoCloseable {
    private static final long SOON = Duration.ofSeconds(61).toNanos();
    /** Longer than the longest pause before something is tried again. */
    private static final long LATER = Duration.ofMinutes(31).toNanos();
    /** So many turns in which nothing happens are the end. */
    private static final int QUIET = 2;

    /** So many are enough for what gets on at all. */
    private static final int MOST_TURNS = 250;

    private static final Duration LIMIT = Duration.ofMinutes(2);

    final Places places = new Places();
    final Path data;
    final Ground ground;
    private final AtomicLong now = new AtomicLong();
    private volatile int answered;
    private int boots;
    private @Nullable Life life;
    private volatile boolean powerCut;
    private volatile boolean deaf;
    private @Nullable Runnable whileDown;
    private @Nullable Offer waiting;

    private record Offer(Workload workload, String token) {}

    Rig(Path data, Kind kind) {
        this.data = data;
        this.ground = kind.at(data, places);
    }

    /** What its daemons work with. */
    @FunctionalInterface
    interface Kind {
        Ground at(Path data, Places places);
    }

    /** The daemon is killed here and now; what it was doing isn't gone on with. */
    RuntimeException kill(boolean withThePower) {
        powerCut = withThePower;
        return life().kill();
    }

    /** Done once, before the next daemon starts. */
    void whileDown(Runnable what) {
        whileDown = what;
    }

    void start() {
        Life next = new Life(data, ground, places, now::get);
        life = next;
        next.begin();
    }

    private void startAgain() {
        ground.end(life());
        if (powerCut) {
            powerCut = false;
            boots++;
            ground.cutPower();
        }
        deaf(false);
        clearAside();
        if (whileDown != null) {
            whileDown.run();
            whileDown = null;
        }
        start();
    }

    /** As {@link io.skerry.device.config.DataFolder} does when a daemon opens it. */
    private void clearAside() {
        files().stream().filter(f -> f.endsWith(".tmp")).forEach(f -> {
            try {
                Files.delete(data.resolve(f));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A new daemon in the place of this one, at once. */
    void restart() {
        life().kill();
        startAgain();
    }

    /** Whether the machine stays up when it is asked to reboot; what it was asked until then it never does. */
    void deaf(boolean now) {
        answered = ground.machine().reboots.size();
        deaf = now;
    }

    void cutPower() {
        powerCut = true;
        restart();
    }

    private Life life() {
        return Objects.requireNonNull(life);
    }

    Standing standing() {
        return life().engine().standing();
    }

    int boots() {
        return boots;
    }

    /** What the cloud wants; told again until a daemon has taken it. */
    void offer(Workload workload, String token) {
        waiting = new Offer(workload, token);
    }

    private void tell() {
        Offer offer = waiting;
        if (offer == null || life().isOver()) {
            return;
        }
        try {
            life().engine().offer(Owner.CLOUD, offer.workload(), offer.token());
            waiting = null;
        } catch (ProblemException | Patience.CancelledException e) {
            // The disk didn't take it, or the daemon died: it is told again.
        }
    }

    /** Lets the daemon get on, while no time passes, until this is on trial or nothing comes of it for now. */
    void untilOnTrial(Workload workload) {
        int quiet = 0;
        for (int i = 0; i < MOST_TURNS && quiet <= QUIET; i++) {
            if (life().isOver()) {
                startAgain();
            }
            tell();
            if (standing().revision().phase() == Phase.ON_TRIAL
                    && store().trying().map(Revision::workload).equals(Optional.of(workload))) {
                return;
            }
            if (life().turns(2, ground::stir) && waiting == null && isIdle()) {
                quiet++;
            } else {
                quiet = 0;
                life().pause();
            }
        }
    }

    /** Lets time pass until nothing more happens by itself. */
    void settle() {
        int quiet = 0;
        long giveUp = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - giveUp < 0) {
            if (life().isOver()) {
                startAgain();
                quiet = 0;
            }
            if (!deaf && ground.machine().reboots.size() > answered) {
                powerCut = true;
                restart();
                quiet = 0;
            }
            tell();
            now.addAndGet(quiet > 0 ? LATER : SOON);
            ground.stir();
            if (life().turns(2, ground::stir) && waiting == null && isIdle()) {
                quiet++;
            } else {
                quiet = 0;
                life().pause();
            }
            if (quiet > QUIET) {
                return;
            }
        }
        throw new AssertionError("it doesn't come to rest: " + standing());
    }

    private boolean isIdle() {
        var told = standing().revision();
        return told.phase() == Phase.IDLE
                && told.step().isEmpty()
                && told.trying().isEmpty();
    }

    /** What runs, by name. */
    Map<String, Container> forms() {
        Map<String, Container> forms = new TreeMap<>();
        ground.present().forEach((name, p) -> {
            if (p.kept()) {
                forms.put(name, p.container());
            }
        });
        return forms;
    }

    /** What is committed, as the disk says. */
    Workload committed() {
        return store().current().workload();
    }

    RevisionStore store() {
        return RevisionStore.open(data);
    }

    /** What a bad disk may spoil. */
    List<String> files() {
        return ground.files();
    }

    /** All below a folder that is no folder; daemons may be making and removing files meanwhile. */
    static List<String> filesBelow(Path folder) {
        List<String> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(folder.relativize(file).toString());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream().sorted().toList();
    }

    @Override
    public void close() {
        if (life != null) {
            life.kill();
            ground.end(life);
        }
        ground.close();
    }
}
