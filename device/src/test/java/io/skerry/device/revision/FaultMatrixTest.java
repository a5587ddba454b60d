package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.by;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.inGroup;
import static io.skerry.device.revision.Workloads.keeping;
import static io.skerry.device.revision.Workloads.ruled;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.UpdateRules.Strategy;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every step that first installs, updates and roll-backs take, by every fault: killed before it, after it and amid its effect,
 * an error, a time limit, a full disk, spoilt input. The steps are those that engines take without a fault, so none is missing
 * here that exists.
 */
class FaultMatrixTest {
    private static final int LEAST_CASES = 300;

    @TempDir
    static Path root;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    enum Scenario {
        INSTALL(false),
        UPDATE(false),
        ROLL_BACK(false),
        INSTALL_WITH_REBOOT(true),
        UPDATE_WITH_REBOOT(true),
        ROLL_BACK_WITH_REBOOT(true);

        private final boolean system;

        Scenario(boolean system) {
            this.system = system;
        }

        Workload before() {
            return name().startsWith("INSTALL") ? Workload.EMPTY : workload(1);
        }

        Workload after() {
            return workload(2);
        }

        boolean fails() {
            return name().startsWith("ROLL_BACK");
        }

        private Workload workload(int version) {
            var rules = new UpdateRules(Strategy.STOP_THEN_START, hook("pre"), hook("post"), Optional.empty(), 5);
            var over = new UpdateRules(Strategy.HAND_OVER, Optional.empty(), Optional.empty(), hook("over"), 0);
            Map<String, Container> containers = new java.util.TreeMap<>();
            containers.put("a", ruled(keeping(container("web", version)), rules));
            containers.put("b", ruled(container("log", version), over));
            containers.put("c", container("db", 1));
            if (version == 1) {
                containers.put("gone", container("map", 1));
            } else {
                containers.put("new", by(Strategy.START_THEN_STOP, container("cam", 1)));
            }
            if (system) {
                containers.put("r", inGroup("root", container("net", version)));
            }
            return Workload.of(containers);
        }

        private static Optional<UpdateRules.Hook> hook(String command) {
            return Optional.of(new UpdateRules.Hook(List.of(command), 5));
        }
    }

    enum Fault {
        KILLED_BEFORE,
        KILLED_AFTER,
        KILLED_AMID,
        ERROR,
        TIMEOUT,
        NO_SPACE,
        CORRUPT;

        boolean kills(Step step) {
            return name().startsWith("KILLED")
                    || (this == CORRUPT && !(step instanceof Step.Fetch || step instanceof Step.Unpack));
        }

        Problem problem() {
            return switch (this) {
                case NO_SPACE -> new Problem("disk.full", "There is no space left.");
                case TIMEOUT -> new Problem("host.command-timeout", "It took too long.");
                case CORRUPT -> new Problem("image.corrupt", "It is spoilt.");
                default -> new Problem("container.start-failed", "It can't be done.");
            };
        }
    }

    /** A step as it was taken without a fault. */
    record Taken(int index, Way way, Step step) {}

    @Test
    void theScenariosTakeStepsOfEveryKind() throws Exception {
        Set<Class<?>> kinds = new HashSet<>();
        for (Scenario scenario : Scenario.values()) {
            taken(scenario).forEach(t -> kinds.add(t.step().getClass()));
        }

        assertThat(kinds).containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    }

    @TestFactory
    Stream<DynamicTest> deviceIsWholeAfterAnyFaultAtAnyStep() throws Exception {
        List<DynamicTest> cases = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            for (Taken taken : taken(scenario)) {
                for (Fault fault : Fault.values()) {
                    cases.add(DynamicTest.dynamicTest(
                            scenario + ", " + fault + " at " + taken.index() + " ("
                                    + taken.way().word() + ": " + taken.step().words() + ")",
                            () -> new Case(scenario, taken, fault).run()));
                }
            }
        }
        assertThat(cases).hasSizeGreaterThan(LEAST_CASES);
        return cases.stream();
    }

    private static List<Taken> taken(Scenario scenario) throws Exception {
        List<Taken> taken = java.util.Collections.synchronizedList(new ArrayList<>());
        try (Device device = new Device(scenario)) {
            AtomicInteger count = new AtomicInteger();
            device.begin(effects -> (step, attempt, patience) -> {
                taken.add(new Taken(count.getAndIncrement(), attempt.way(), step));
                return effects.carryOut(step, attempt, patience);
            });
            device.settle();
        }
        return List.copyOf(taken);
    }

    /** A device in memory that has the scenario's first workload and is asked for its second. */
    private static final class Device implements AutoCloseable {
        private final Path data = root.resolve("device-" + NUMBER.incrementAndGet());
        private final Scenario scenario;
        private final EngineBench bench = new EngineBench(data);
        private int reboots;

        Device(Scenario scenario) throws IOException {
            this.scenario = scenario;
            Files.createDirectories(data);
        }

        void begin(java.util.function.UnaryOperator<StepEffects> around) {
            if (!scenario.before().equals(Workload.EMPTY)) {
                bench.start();
                bench.offer(scenario.before());
                settle();
                bench.close();
            }
            if (scenario.fails()) {
                bench.containers.startsAs("a:2", Health.UNHEALTHY);
                bench.containers.startsAs("new:1", Health.UNHEALTHY);
            }
            bench.start(around);
            bench.offer(scenario.after());
        }

        /** Lets time pass until nothing is going on and nothing is left to do. */
        void settle() {
            int quiet = 0;
            for (int i = 0; i < 4000 && quiet < 12; i++) {
                rebootIfAsked();
                bench.pass(i % 20 == 19 ? 40 : 1);
                pause(2);
                quiet = isQuiet() ? quiet + 1 : 0;
            }
            assertThat(quiet)
                    .as("it comes to rest: %s", bench.engine().standing())
                    .isGreaterThanOrEqualTo(12);
        }

        private static void pause(int millis) {
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        private void rebootIfAsked() {
            if (bench.machine.reboots.size() > reboots) {
                reboots = bench.machine.reboots.size();
                bench.reboot();
            }
        }

        private boolean isQuiet() {
            var revision = bench.engine().standing().revision();
            return revision.phase() == Phase.IDLE
                    && revision.step().isEmpty()
                    && !Files.exists(data.resolve("trying"), LinkOption.NOFOLLOW_LINKS)
                    && revision.current() > 0 == !committed().isEmpty()
                    && bench.containers.forms().equals(committed());
        }

        Map<String, Container> committed() {
            return RevisionStore.open(data).current().workload().containers();
        }

        @Override
        public void close() {
            bench.close();
        }
    }

    private record Case(Scenario scenario, Taken at, Fault fault) {
        void run() throws Exception {
            try (Device device = new Device(scenario)) {
                CountDownLatch struck = new CountDownLatch(1);
                device.begin(effects -> new Striking(effects, device, at, fault, struck));
                awaitStrike(device, struck);
                if (fault.kills(at.step())) {
                    restart(device);
                }
                device.settle();
                isWhole(device);
                List<String> calls = List.copyOf(device.bench.containers.calls);

                device.bench.restart();
                device.settle();

                assertThat(device.bench.containers.calls)
                        .as("a further start changes nothing")
                        .isEqualTo(calls);
            }
        }

        private static void awaitStrike(Device device, CountDownLatch struck) throws InterruptedException {
            for (int i = 0; i < 4000 && !struck.await(2, TimeUnit.MILLISECONDS); i++) {
                device.rebootIfAsked();
                device.bench.pass(1);
            }
            assertThat(struck.getCount()).as("the step was taken").isZero();
        }

        private void restart(Device device) throws IOException {
            device.bench.engine().close();
            device.bench.containers.amid = () -> {};
            device.bench.volumes.amid = () -> {};
            if (fault == Fault.CORRUPT) {
                spoil(device.data);
            }
            if (at.step() instanceof Step.Reboot || at.index() % 2 == 1) {
                device.reboots = device.bench.machine.reboots.size();
                device.bench.machine.boot();
                device.bench.containers.reboot();
            }
            device.bench.start();
        }

        /** Half a line at the journals' ends and plans that are cut off, as a loss of power may leave them. */
        private static void spoil(Path data) throws IOException {
            try (Stream<Path> files = Files.walk(data.resolve("revisions"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = String.valueOf(file.getFileName());
                    if (name.equals("journal")) {
                        Files.writeString(file, "{\"attempt\":1,\"way\":\"forw", StandardOpenOption.APPEND);
                    } else if (name.equals("plan.json") || name.equals("attempts")) {
                        Files.write(file, new byte[] {0, 0, 0});
                    }
                }
            }
        }

        private void isWhole(Device device) throws IOException {
            Map<String, Container> runs = device.bench.containers.forms();
            assertThat(runs).as("what is committed runs").isEqualTo(device.committed());
            runs.forEach((name, form) -> assertThat(form)
                    .as("%s is whole in its old or its new form", name)
                    .isIn(
                            (Object) scenario.before().containers().get(name),
                            scenario.after().containers().get(name)));
            if (scenario.before().containers().containsKey("c")) {
                assertThat(runs).as("what doesn't change goes on").containsKey("c");
            }
            Container web = runs.get("a");
            if (web != null && web.service().version() == 1) {
                assertThat(device.bench.volumes.content("a", "data"))
                        .as("the old program finds the data that it knew")
                        .doesNotContain("a:2");
            }
            assertThat(device.bench.containers.besideStatus()).as("beside").isEmpty();
            assertThat(device.bench.volumes.allKept()).as("copies of volumes").isEmpty();
            Set<Situation.Network> networks = new HashSet<>();
            runs.keySet().forEach(n -> networks.add(new Situation.Network(n, Slot.MAIN)));
            assertThat(device.bench.containers.networks()).as("networks").isEqualTo(networks);
            try (Stream<Path> files = Files.walk(device.data)) {
                assertThat(files.filter(f -> f.toString().endsWith(".tmp")))
                        .as("temporary files")
                        .isEmpty();
            }
        }
    }

    /** Strikes once, at the step that was taken as the so manieth. */
    private record Striking(
            StepEffects effects, Device device, Taken at, Fault fault, CountDownLatch struck, AtomicInteger count)
            implements StepEffects {
        Striking(StepEffects effects, Device device, Taken at, Fault fault, CountDownLatch struck) {
            this(effects, device, at, fault, struck, new AtomicInteger());
        }

        @Override
        public Optional<Reason> carryOut(Step step, Attempt attempt, Patience patience) {
            if (count.getAndIncrement() != at.index() || struck.getCount() == 0) {
                return effects.carryOut(step, attempt, patience);
            }
            if (!fault.kills(step)) {
                struck.countDown();
                throw fault.problem().asException();
            }
            if (fault == Fault.KILLED_AMID && step instanceof Step.Commit) {
                commitHalf(step, attempt, patience);
            } else if (fault == Fault.KILLED_AMID) {
                device.bench.containers.amid = () -> die(patience);
                device.bench.volumes.amid = () -> die(patience);
                effects.carryOut(step, attempt, patience);
            } else if (fault != Fault.KILLED_BEFORE) {
                effects.carryOut(step, attempt, patience);
            }
            die(patience);
            return Optional.empty();
        }

        /** As if the daemon was killed when the outcome was on the disk, and nothing else of the commit. */
        private void commitHalf(Step step, Attempt attempt, Patience patience) {
            RevisionStore store = RevisionStore.open(device.data);
            Revision before = store.current();
            effects.carryOut(step, attempt, patience);
            if (before.number() > 0) {
                store.setCurrent(before);
            } else {
                io.skerry.content.files.DurableFiles.delete(device.data.resolve("current"));
            }
            store.setTrying(attempt.revision());
        }

        /** Nothing more is done by this daemon, as after a SIGKILL. */
        private void die(Patience patience) {
            struck.countDown();
            while (true) {
                patience.await(patience.seen(), Long.MAX_VALUE);
            }
        }
    }
}
