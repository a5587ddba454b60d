package io.skerry.device.link;

import io.skerry.device.retry.BackOff;
import io.skerry.device.watch.LifeSign;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Position;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Waits for desired states, one poll after the other, on a thread of its own. */
final class Poller {
    private static final System.Logger LOG = System.getLogger(Poller.class.getName());
    /** An answer to a waiting poll that comes sooner without news is no waiting. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final Duration WAITED = Duration.ofSeconds(3);

    private final CloudClient cloud;
    private final DocumentVerifier verifier;
    private final AcceptedStore store;
    private final Consumer<DesiredState> sink;
    private final LinkProblems problems;
    private final Runnable reconnected;
    private final PollWait wait;
    private final Duration grace;
    private final BackOff failures;
    private final BackOff denials;
    private final BackOff handovers;
    private final LifeSign life;
    private final Thread thread = Thread.ofVirtual().name("poll").unstarted(this::run);
    private volatile Position accepted;
    private Optional<String> refusedTag = Optional.empty();
    /** What was accepted and couldn't be taken up: the cloud won't send it again, so it is kept here. */
    private Optional<DesiredState> untaken = Optional.empty();

    private boolean connected = true;
    private volatile @Nullable Duration lastWait;

    Poller(
            CloudClient cloud,
            DocumentVerifier verifier,
            AcceptedStore store,
            Consumer<DesiredState> sink,
            LinkProblems problems,
            Runnable reconnected,
            Duration firstWait,
            LinkPace pace,
            LifeSign life,
            RandomGenerator random) {
        this.cloud = cloud;
        this.verifier = verifier;
        this.store = store;
        this.sink = sink;
        this.problems = problems;
        this.reconnected = reconnected;
        this.wait = new PollWait(firstWait);
        this.grace = pace.grace();
        this.failures = pace.failures(random);
        this.denials = pace.denials(random);
        this.handovers = pace.failures(random);
        this.life = life;
        this.accepted = store.position();
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    /** The newest desired state that was verified and taken. */
    Position accepted() {
        return accepted;
    }

    private void run() {
        try {
            problems.set("document", store.problem());
            untaken = store.last().map(Accepted::state);
            untaken.ifPresent(this::hand);
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    once();
                    untaken.ifPresent(this::hand);
                } catch (RuntimeException e) {
                    // Whatever a document or an answer provoked, a device that no longer asked would be lost for good.
                    LOG.log(System.Logger.Level.ERROR, "a poll failed unexpectedly", e);
                    rest(failures.next());
                }
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "polling ends", e);
        }
    }

    private void once() throws InterruptedException {
        Duration asked = patience();
        long begun = System.nanoTime();
        if (lastWait == null) {
            LOG.log(System.Logger.Level.INFO, "first poll, from position {0}", accepted);
        }
        lastWait = asked;
        PollAnswer answer;
        try {
            Duration deadline = asked.plus(grace);
            life.waits(deadline);
            answer = cloud.poll(tag(), asked, deadline);
            life.shown();
        } catch (IOException e) {
            life.shown();
            lost(e, asked, Duration.ofNanos(System.nanoTime() - begun));
            return;
        }
        if (!connected) {
            connected = true;
            LOG.log(System.Logger.Level.INFO, "the cloud is reached again");
            reconnected.run();
        }
        act(answer, asked, Duration.ofNanos(System.nanoTime() - begun));
    }

    private void act(PollAnswer answer, Duration asked, Duration lasted) throws InterruptedException {
        switch (answer) {
            case PollAnswer.Unchanged(Optional<Duration> next) -> {
                taken();
                next.ifPresent(wait::proposed);
                if (lasted.compareTo(AT_ONCE) < 0 && lasted.multipliedBy(2).compareTo(asked) < 0) {
                    // Not a wait at all: a cloud that answers so must not be asked in a tight loop.
                    rest(failures.next());
                } else {
                    if (untaken.isEmpty()) {
                        wait.held();
                    }
                    failures.reset();
                }
            }
            case PollAnswer.Document document -> {
                document.nextWait().ifPresent(wait::proposed);
                take(document);
            }
            case PollAnswer.Busy(Problem problem, Duration after) -> {
                LOG.log(System.Logger.Level.INFO, "the cloud is busy: {0}", problem.message());
                rest(failures.nextAfter(after));
            }
            case PollAnswer.Denied(Problem problem) -> {
                problems.set("access", Optional.of(problem));
                rest(denials.next());
            }
            case PollAnswer.Strange(Problem problem) -> {
                problems.set("access", Optional.of(problem));
                rest(failures.next());
            }
        }
    }

    private void take(PollAnswer.Document document) throws InterruptedException {
        Optional<Accepted> verified;
        try {
            if (store.refusal().isPresent()) {
                throw store.refusal().get().asException();
            }
            verified = verifier.verify(document.body(), store.trusted(), store.last(), store.floor());
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a desired state is refused: " + e.problem().sentence(),
                    e);
            problems.set("document", Optional.of(e.problem()));
            // Asked for with its own tag, so that the cloud answers when there is another one.
            refusedTag = Optional.of(document.entityTag()).filter(t -> t.matches("(W/)?\"[!#-~]{1,200}\""));
            rest(failures.next());
            return;
        }
        taken();
        refusedTag = Optional.empty();
        if (verified.isEmpty()) {
            problems.set("document", Optional.empty());
            rest(failures.next());
        } else {
            accept(verified.get());
        }
    }

    private void accept(Accepted verified) throws InterruptedException {
        try {
            store.accept(verified);
        } catch (ProblemException e) {
            // The document is good and the disk isn't: it is asked for again, and nobody acts on it before it is kept.
            problems.set("document", Optional.of(e.problem()));
            rest(failures.next());
            return;
        }
        problems.set("document", Optional.empty());
        failures.reset();
        accepted = store.position();
        LOG.log(System.Logger.Level.INFO, "accepted desired state {0}", accepted);
        problems.changed();
        handovers.reset();
        untaken = Optional.of(verified.state());
    }

    private void hand(DesiredState state) {
        try {
            sink.accept(state);
            untaken = Optional.empty();
            problems.set("workload", Optional.empty());
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.DEBUG, "the accepted workload can't be taken", e);
            problems.set("workload", Optional.of(e.problem()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the accepted workload can't be taken", e);
            problems.set(
                    "workload",
                    Optional.of(new Problem("device.internal", "Taking up the desired state failed: " + e + ".")));
        }
    }

    /** How long the next poll may wait: shorter while something is to be handed over again after it. */
    private Duration patience() {
        Duration most = wait.next();
        if (untaken.isEmpty()) {
            return most;
        }
        Duration pause = handovers.next().plus(Duration.ofSeconds(1)).truncatedTo(ChronoUnit.SECONDS);
        return pause.compareTo(most) < 0 ? pause : most;
    }

    private void taken() {
        denials.reset();
        problems.set("access", Optional.empty());
    }

    private void lost(IOException e, Duration asked, Duration after) throws InterruptedException {
        if (connected) {
            connected = false;
            LOG.log(System.Logger.Level.WARNING, "the cloud isn't reached: {0}", e.toString());
        } else {
            LOG.log(System.Logger.Level.DEBUG, "the cloud still isn't reached", e);
        }
        wait.dropped(asked, after);
        if (held(e, after)) {
            failures.reset();
        }
        rest(failures.next());
    }

    /**
     * Whether a poll that broke off had been waiting at the cloud: then the cloud was there until now, and failures before it
     * count no more. Else a cloud that restarts now and then, between answers, would be asked ever more seldom.
     */
    static boolean held(IOException e, Duration after) {
        return !(e instanceof ConnectException)
                && !(e instanceof HttpConnectTimeoutException)
                && after.compareTo(WAITED) >= 0;
    }

    private void rest(Duration length) throws InterruptedException {
        life.waits(length);
        Thread.sleep(length);
    }

    private Optional<String> tag() {
        return refusedTag.or(
                () -> store.last().map(a -> a.state().head().position().entityTag()));
    }
}
