package io.skerry.device.revision;

import static org.awaitility.Awaitility.await;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An engine on a device in memory, whose time passes when the test says so. */
final class EngineBench implements AutoCloseable {
    final FakeVolumes volumes = new FakeVolumes();
    final FakeContainers containers = new FakeContainers(volumes);
    final FakeImages images = new FakeImages();
    final FakeMachine machine = new FakeMachine();
    private final AtomicLong now = new AtomicLong();
    /** What time it was when none had passed, if that is known. */
    private final AtomicReference<Optional<Instant>> begin = new AtomicReference<>(Optional.of(Instant.EPOCH));

    private final Path data;
    private @Nullable Engine running;

    EngineBench(Path data) {
        this.data = data;
    }

    void start() {
        start(UnaryOperator.identity());
    }

    /** With something between steps and their effects. */
    void start(UnaryOperator<StepEffects> around) {
        containers.forgetListeners();
        running = new Engine(
                data,
                new Hands(images, containers, volumes, machine),
                now::get,
                InstantSource.system(),
                () -> begin.get().map(b -> b.plusNanos(now.get())),
                new Random(1),
                () -> {},
                around);
        running.start();
    }

    Engine engine() {
        return Objects.requireNonNull(running);
    }

    /** A daemon that is killed and comes back: the containers and the disk are as they were. */
    void restart() {
        kill();
        start();
    }

    /** A daemon that is told to end and started again. */
    void restartInOrder() {
        engine().close();
        start();
    }

    /** What a daemon that is told to end writes down last isn't written. */
    private void kill() {
        Path file = data.resolve("revisions")
                .resolve(engine().standing()
                        .revision()
                        .trying()
                        .map(Object::toString)
                        .orElse("none"))
                .resolve("attempts");
        Optional<byte[]> before = StateFiles.bytes(file);
        engine().close();
        before.ifPresent(b -> DurableFiles.write(file, b, 0600));
    }

    /** A machine that goes down and comes up. */
    void reboot() {
        kill();
        machine.boot();
        containers.reboot();
        start();
    }

    /** The device learns what time it is. */
    void time(Instant time) {
        begin.set(Optional.of(time.minusNanos(now.get())));
        containers.changed();
    }

    /** The device doesn't know any more what time it is. */
    void forgetTime() {
        begin.set(Optional.empty());
        containers.changed();
    }

    void offer(Workload workload) {
        engine().offer(Owner.CLOUD, workload, "");
    }

    /** The first revision, which is committed at once. */
    void committed(Workload workload) {
        committed(workload, 0);
    }

    /** The first revision, whose probation takes this long. */
    void committed(Workload workload, int seconds) {
        start();
        offer(workload);
        if (seconds > 0) {
            passUntil(() -> engine().standing().revision().current() == 1);
        }
        awaitOutcome(1, Result.COMMITTED);
    }

    /** A wait may begin only after this: whoever waits for the end of one lets time pass until it is there. */
    void pass(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
        containers.changed();
    }

    /** Time passes, and nothing happens that the engine would look for. */
    void passUnnoticed(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    /** Lets time pass, a second at a time, until this holds. */
    void passUntil(java.util.concurrent.Callable<Boolean> holds) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            pass(5);
            return holds.call();
        });
    }

    /** Long enough for the engine to have taken a turn: it answers to this change, which changes nothing. */
    void settle() {
        int before = containers.calls.size();
        containers.changed();
        await().during(Duration.ofMillis(150)).until(() -> containers.calls.size() == before);
    }

    void awaitPhase(Phase phase) {
        await().until(() -> engine().standing().revision().phase() == phase);
    }

    /** Until a lock puts an update off and was looked at, so that the time that passes from now on is waited. */
    void awaitPutOff() {
        int before = containers.lockLooks.get();
        awaitPhase(Phase.PUT_OFF);
        await().until(() -> {
            containers.changed();
            return containers.lockLooks.get() > before;
        });
    }

    /** Until so long was waited for a container's lock that the next daemon knows of it. */
    void awaitWaited(String container, int seconds) {
        await().until(() ->
                RevisionStore.existing(data).lockWaits().of(container).toSeconds() >= seconds);
    }

    /** Until the next daemon will know of no wait for a lock. */
    void awaitNothingWaited() {
        await().until(() -> RevisionStore.existing(data).lockWaits().millis().isEmpty());
    }

    /** What was waited for locks can't be written down. */
    void spoilLockWaits() {
        StateFiles.makeFolder(data.resolve("revisions/lock-waits.json/in-the-way"));
    }

    Outcome awaitOutcome(int revision, Result result) {
        await().until(() -> engine().standing()
                .revision()
                .outcome()
                .filter(o -> o.revision() == revision && o.result() == result)
                .isPresent());
        await().until(() -> engine().standing().revision().phase() != Phase.ROLLING_BACK);
        return engine().standing().revision().outcome().orElseThrow();
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }
}
