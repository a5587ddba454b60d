package io.skerry.device.revision;

import io.skerry.device.revision.Step.Why;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What steps do on a real device: each kind by one call of whoever carries it out, or by waiting for what is seen. */
final class Effects implements StepEffects {
    private static final System.Logger LOG = System.getLogger(Effects.class.getName());

    /** How long a machine that was asked to reboot may go on. */
    private static final Duration REBOOT_LIMIT = Duration.ofMinutes(5);

    private final Hands hands;
    private final RevisionStore store;
    private final Outcomes outcomes;
    private final Cleanup cleanup;
    private final Ticker ticker;
    private final KeptLockWaits lockWaits;

    Effects(
            Hands hands,
            RevisionStore store,
            Outcomes outcomes,
            Cleanup cleanup,
            KeptLockWaits lockWaits,
            Ticker ticker) {
        this.hands = hands;
        this.store = store;
        this.outcomes = outcomes;
        this.cleanup = cleanup;
        this.lockWaits = lockWaits;
        this.ticker = ticker;
    }

    @Override
    public Optional<Reason> carryOut(Step step, Attempt attempt, Patience patience) {
        switch (step) {
            case Step.Reserve reserve -> reserve(reserve, attempt);
            case Step.Fetch fetch -> hands.images().fetch(fetch.image());
            case Step.Unpack unpack -> unpack(unpack.image());
            case Step.CreateVolume create ->
                hands.volumes()
                        .create(
                                create.container(),
                                create.mount(),
                                image(create.container(), attempt.container(create.container())));
            case Step.AwaitLock lock -> awaitLock(lock, patience);
            case Step.RunHook hook -> {
                return runHook(hook, attempt, patience);
            }
            case Step.Stop stop -> stop(stop);
            case Step.Snapshot snapshot -> {
                // The room that was held for it until now.
                hands.images().release(attempt.revision().number());
                hands.volumes().snapshot(attempt.base(), snapshot.container(), snapshot.volume());
            }
            case Step.Restore restore -> hands.volumes().restore(attempt.base(), restore.container(), restore.volume());
            case Step.Reboot reboot -> reboot(reboot, patience);
            case Step.ConfigureNetwork network ->
                hands.containers()
                        .prepareNetwork(network.container(), network.slot(), attempt.container(network.container()));
            case Step.Start start -> start(start, attempt);
            case Step.Reach reach -> {
                return reach(reach, attempt, patience);
            }
            case Step.Check check -> {
                return check(check, attempt, patience);
            }
            case Step.Commit _ -> commit(attempt);
            case Step.Collect _ -> cleanup.afterCommit(attempt.target());
        }
        return Optional.empty();
    }

    /**
     * A program that doesn't run has nothing to prepare, to hand over or to be told: were that a failure, no update could
     * replace a version that crashes. The new one must run.
     */
    private Optional<Reason> runHook(Step.RunHook hook, Attempt attempt, Patience patience) {
        boolean needed = hook.when() == Step.RunHook.When.POST_UPDATE && hook.why() != Why.GOES_BACK;
        if (!needed && !runs(hook.container())) {
            return Optional.empty();
        }
        return patience.interruptibly(() -> hands.containers().runHook(hook.container(), hook.slot(), hook.hook()))
                .filter(_ -> needed || runs(hook.container()))
                .filter(p -> mayRefuse(hook, attempt, p))
                .map(p -> reason(hook.container(), hook.slot(), p));
    }

    /**
     * A command before an update that the new version has no more, or has otherwise, is run a last time and can't refuse: a
     * wrong one would keep its own mend from the device for ever.
     */
    private static boolean mayRefuse(Step.RunHook hook, Attempt attempt, Problem problem) {
        boolean stays = hook.when() != Step.RunHook.When.PRE_UPDATE
                || Optional.ofNullable(attempt.target().containers().get(hook.container()))
                        .flatMap(Container::update)
                        .flatMap(UpdateRules::preUpdate)
                        .filter(hook.hook()::equals)
                        .isPresent();
        if (!stays) {
            LOG.log(System.Logger.Level.WARNING, "{0} The update goes on without it.", problem.message());
        }
        return stays;
    }

    private boolean runs(String container) {
        return hands.containers().status().stream()
                .anyMatch(s -> s.name().equals(container) && s.state() == ContainerStatus.State.RUNNING);
    }

    /** The last that a container wrote belongs to the reason for its failure. */
    Reason reason(String container, Slot slot, Problem problem) {
        return new Reason(container, problem, LogTail.of(hands.containers(), container, slot));
    }

    private void reserve(Step.Reserve reserve, Attempt attempt) {
        long copies = 0;
        for (VolumeId volume : reserve.snapshots()) {
            copies += hands.volumes().snapshotBytes(volume.container(), volume.volume());
        }
        try {
            hands.images().reserve(attempt.revision().number(), reserve.images(), copies);
        } catch (ProblemException e) {
            if (!e.code().equals("disk.full")) {
                throw e;
            }
            LOG.log(System.Logger.Level.INFO, "making room: {0}", e.problem().sentence());
            cleanup.makeRoom(attempt.target());
            hands.images().reserve(attempt.revision().number(), reserve.images(), copies);
        }
    }

    private void unpack(Image image) {
        if (!hands.images().fetched(image)) {
            // It was found to be damaged at an earlier try, and removed.
            hands.images().fetch(image);
        }
        hands.images().unpack(image);
    }

    private void stop(Step.Stop stop) {
        hands.containers().stop(stop.container(), stop.slot());
        if (stop.slot() == Slot.MAIN) {
            lockWaits.over(stop.container());
        }
    }

    /**
     * A wait that came to its limit is remembered until its container is stopped: an update that another lock, a window or a
     * newer version puts off further has waited for this one.
     */
    private void awaitLock(Step.AwaitLock lock, Patience patience) {
        Duration before = lockWaits.waited(lock.container());
        long begun = ticker.nanos();
        long until =
                begun + Duration.ofSeconds(lock.limitSeconds()).minus(before).toNanos();
        while (hands.containers().holdsUpdateLock(lock.container())) {
            long now = ticker.nanos();
            lockWaits.waited(lock.container(), before.plusNanos(now - begun));
            if (now - until >= 0) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} still holds its update lock after {1} s; the update goes on",
                        lock.container(),
                        lock.limitSeconds());
                return;
            }
            // Nobody tells when the file goes.
            patience.await(
                    patience.seen(), Math.min(until, now + Duration.ofSeconds(1).toNanos()));
        }
        lockWaits.over(lock.container());
    }

    private void reboot(Step.Reboot reboot, Patience patience) {
        hands.machine().reboot(reboot.words());
        long until = ticker.nanos() + REBOOT_LIMIT.toNanos();
        while (ticker.nanos() - until < 0) {
            patience.await(patience.seen(), until);
        }
        throw new Problem(
                        Shortages.REBOOT_FAILED,
                        "The device was asked to reboot and goes on after " + REBOOT_LIMIT.toMinutes() + " minutes.",
                        "Look at what reboot_command in device.json does.")
                .asException();
    }

    private void start(Step.Start start, Attempt attempt) {
        Container container = attempt.container(start.container());
        hands.containers()
                .start(
                        start.container(),
                        start.slot(),
                        container,
                        attempt.placement(start.container()).goal(),
                        image(start.container(), container));
    }

    private PreparedImage image(String name, Container container) {
        Digest manifest = container.image().manifest();
        return hands.images()
                .prepared(manifest)
                .orElseThrow(() -> new Problem(
                                "image.missing", "The image " + manifest + " of " + name + " is not on the device.")
                        .asException());
    }

    private Optional<Reason> reach(Step.Reach reach, Attempt attempt, Patience patience) {
        Goals goals = new Goals(reach, attempt, statuses(reach.slot()), ticker.nanos());
        return await(goals, () -> statuses(reach.slot()), reach.slot(), patience);
    }

    private Optional<Reason> check(Step.Check check, Attempt attempt, Patience patience) {
        Trial trial = Trial.of(
                check.containers(), attempt.target(), hands.containers().status(), ticker.nanos());
        return await(trial, () -> statuses(Slot.MAIN), Slot.MAIN, patience);
    }

    private Optional<Reason> await(
            Judge judge, Supplier<List<ContainerStatus>> statuses, Slot slot, Patience patience) {
        while (true) {
            long seen = patience.seen();
            switch (judge.judge(statuses.get(), ticker.nanos())) {
                case Verdict.Passed _ -> {
                    return Optional.empty();
                }
                case Verdict.Failed(String container, Problem problem) -> {
                    return Optional.of(reason(container, slot, problem));
                }
                case Verdict.Undecided(long lookAgainAt) -> patience.await(seen, lookAgainAt);
            }
        }
    }

    private List<ContainerStatus> statuses(Slot slot) {
        return slot == Slot.MAIN
                ? hands.containers().status()
                : hands.containers().besideStatus();
    }

    private void commit(Attempt attempt) {
        outcomes.committed(attempt.revision(), hands.volumes().reports(attempt.base()));
        store.setCurrent(attempt.revision());
        store.endTrying();
    }
}
