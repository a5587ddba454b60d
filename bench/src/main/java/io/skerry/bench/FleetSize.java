package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.bench.host.CpuTime;
import io.skerry.bench.host.MemoryUse;
import io.skerry.bench.host.PostgresServer;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.lab.Breakage;
import io.skerry.lab.SampleImage;
import io.skerry.lab.SourceRegistry;
import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a control plane does with a large fleet. */
final class FleetSize implements Benchmark {
    /** What is promised is promised up to so many nodes. */
    private static final int PROMISED = 10_000;

    /** What docs/cloud.md tells to give for more. */
    private static final int LARGE_HEAP = 512;

    private static final int SERVICES = 3;
    private static final int POLLERS = 64;
    private static final int POLLS_A_SECOND = 1_000;
    private static final int QUESTIONS = 400;
    private static final Duration SETTLE = Duration.ofSeconds(5);
    /** A control plane carries no roll-out on before it knows who is there, two minutes after its start at the latest. */
    private static final Duration SETTLED = Duration.ofSeconds(130);

    private static final Duration ROLLING = Duration.ofSeconds(60);
    private static final Duration MOVE = Duration.ofMinutes(10);

    /** So many processors each took in this while. */
    private record Load(double seconds, double cloud, double simulator) {}

    @Override
    public String name() {
        return "fleet";
    }

    @Override
    public String title() {
        return "A large fleet";
    }

    @Override
    public String about() {
        return """
                The control plane on its embedded database, and on PostgreSQL (as Debian packages it, on the same machine), with as many nodes as said,
                each with an instance of 3 services. Nodes and instances are rows that were written into its database while it was stopped, so most
                devices are not connected; 64 devices are, and ask 1,000 times a second in all, by TLS connections of their own from another process
                on the same machine, while everything else is measured. *Published* is the call that makes a service's next version, from its
                beginning to its answer: then each node's desired state is kept, signed, and would be answered; the first version after a start is
                left out. The roll-out that is under way has a hundredth of the devices in its first phase, and waits for them. With 100,000 nodes the
                control plane has a heap of 512 MB. A page is one of 50, asked by one operator, one after the other. *Processor time* is that of the control plane's process
                alone, with its share of the polls taken off for a page; *the simulator's* is that of the process that asks, as a share of one
                processor.
                """;
    }

    @Override
    public int usualRuns() {
        return 5;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        List<Figure> figures = new ArrayList<>();
        for (int nodes : List.of(1_000, 10_000, 100_000)) {
            place.inFolder(folder -> {
                try (BenchLab lab = BenchLab.start(place, 1)) {
                    var fleet = new Fleet(place, lab, folder, nodes, "%,d nodes".formatted(nodes));
                    List<String> services = fleet.filled();
                    figures.addAll(fleet.measured(services.getFirst(), runs));
                }
            });
        }
        place.inFolder(folder -> {
            try (var server = new PostgresServer();
                    BenchLab lab = BenchLab.start(place, 1)) {
                var fleet = new Fleet(place, lab, folder, PROMISED, "PostgreSQL, %,d nodes".formatted(PROMISED));
                List<String> services = fleet.filled();
                fleet.moveTo(server);
                figures.addAll(fleet.measured(services.getFirst(), runs));
            }
        });
        return List.copyOf(figures);
    }

    /** One fleet of one size. */
    private record Fleet(Workplace place, BenchLab lab, Path folder, int nodes, String words) {
        /** The services' ids; the control plane is stopped then. */
        List<String> filled() {
            List<String> services = imported();
            place.say("writing " + nodes + " nodes");
            lab.lab().devices().forEach(VirtualDevice::stop);
            lab.lab().cloud().stop();
            write(lab.lab().cloud().data().resolve("skerry.db"), services);
            return services;
        }

        void moveTo(PostgresServer server) {
            place.say("moving them to PostgreSQL");
            List<String> command = place.installation()
                    .command(
                            "cloud",
                            "migrate",
                            "--data",
                            lab.lab().cloud().data().toString(),
                            "--database",
                            server.url(),
                            "--database-password-file",
                            server.passwordFile().toString());
            new HostCommands()
                    .run(HostCommand.of(command)
                            .within(MOVE)
                            .withEnvironment(place.installation().environment()))
                    .orFail();
            lab.lab().cloud().keepTablesIn(server.url(), server.passwordFile());
        }

        List<Figure> measured(String service, int runs) {
            if (nodes > PROMISED) {
                lab.lab().cloud().giveHeap(LARGE_HEAP);
            }
            lab.lab().cloud().start();
            long started = System.nanoTime();
            List<PollLoop> pollers = IntStream.range(0, POLLERS)
                    .mapToObj(i -> Polls.enrolled(
                            lab, folder, "load-" + i, Duration.ofNanos(1_000_000_000L * POLLERS / POLLS_A_SECOND)))
                    .toList();
            try {
                pollers.forEach(PollLoop::start);
                List<Figure> figures = new ArrayList<>(published(service, runs));
                Pause.of(SETTLE);
                figures.addAll(pages());
                figures.add(rolledOut(service, started));
                figures.add(figure(
                        "resident memory",
                        Unit.MEGABYTES,
                        List.of(MemoryUse.of(lab.cloud().pid()).resident())));
                pollers.forEach(PollLoop::answered);
                return figures;
            } finally {
                pollers.forEach(PollLoop::end);
            }
        }

        private Figure figure(String what, Unit unit, List<Double> samples) {
            return Figure.of(words + ": " + what, unit, Samples.of(samples));
        }

        /** What was promised is promised of fleets up to a size. */
        private Figure promised(Figure figure, double most) {
            return nodes > PROMISED ? figure : figure.within(Limit.atMost(most));
        }

        private List<String> imported() {
            SourceRegistry registry = lab.lab().registry();
            registry.start();
            String reference = registry.push(new SampleImage(1, Breakage.NONE), "idle", BenchLab.architecture());
            IntStream.rangeClosed(1, SERVICES).forEach(i -> lab.importService("fleet-" + i, reference, Map.of()));
            registry.stop();
            String customer = lab.api().firstCustomer();
            return IntStream.rangeClosed(1, SERVICES)
                    .mapToObj(i -> lab.api().service(customer, "fleet-" + i).orElseThrow())
                    .toList();
        }

        private List<Figure> published(String service, int runs) {
            List<Double> seconds = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            for (int run = 0; run <= runs; run++) {
                place.say("publishing version " + (run + 2));
                double before = CpuTime.seconds(lab.cloud().pid());
                int limit = 32 + run;
                double took = seconds(() -> publish(service, limit));
                if (run > 0) {
                    seconds.add(took);
                    cpu.add(CpuTime.seconds(lab.cloud().pid()) - before);
                }
            }
            return List.of(
                    promised(figure("published", Unit.SECONDS, seconds), 10),
                    figure("published, processor time", Unit.SECONDS, cpu));
        }

        /** Of the control plane, with the polls' share taken off: its devices are away, so the roll-out stays where it is. */
        private Figure rolledOut(String service, long started) {
            place.say("waiting until roll-outs go on");
            Pause.of(Duration.ofNanos(Math.max(0, started + SETTLED.toNanos() - System.nanoTime())));
            double polls = load(() -> Pause.of(ROLLING)).cloud();
            lab.api()
                    .execute(
                            "mutation($s: ID!) { DM_set_rollout_policy(node_service_id: $s, policy: {phases:"
                                    + " [{percent: 1}, {}]}) }",
                            Map.of("s", service));
            place.say("rolling out a version");
            publish(service, 64);
            double rolling = load(() -> Pause.of(ROLLING)).cloud();
            return figure(
                    "while a roll-out in phases is under way, processor time in each second",
                    Unit.MILLISECONDS,
                    List.of((rolling - polls) * 1_000));
        }

        private void publish(String service, int memory) {
            lab.api()
                    .importService(Map.of(
                            "customer_id",
                            lab.api().firstCustomer(),
                            "node_service_id",
                            service,
                            "metadata",
                            Map.of("memory_limit_mb", memory)));
        }

        private List<Figure> pages() {
            place.say("asking for pages");
            double polls = load(() -> Pause.of(SETTLE)).cloud();
            List<Figure> figures = new ArrayList<>(pages(
                    "page of nodes",
                    "query($c: ID!) { DM_get_nodes(customer_id: $c, take: 50) { nodes { node_id name"
                            + " online last_seen_at } next_cursor } }",
                    polls));
            figures.addAll(pages(
                    "page of services",
                    "query($c: ID!) { DM_get_node_services(customer_id: $c, take: 50) { services {"
                            + " node_service_id name container_version } } }",
                    polls));
            return figures;
        }

        /** @param polls how much of a processor the control plane takes for the polls alone */
        private List<Figure> pages(String what, String query, double polls) {
            Map<String, Object> customer = Map.of("c", lab.api().firstCustomer());
            List<Double> took = new ArrayList<>();
            Load load = load(() -> took.addAll(times(query, customer)));
            double each = (load.cloud() - polls) * load.seconds() / QUESTIONS;
            return List.of(
                    promised(figure(what + ", 99 of 100 within", Unit.MILLISECONDS, List.of(percentile(took))), 50),
                    figure(what + ", processor time", Unit.MILLISECONDS, List.of(each * 1_000)),
                    figure(
                            what + ", the simulator's processor time in each second",
                            Unit.MILLISECONDS,
                            List.of(load.simulator() * 1_000)));
        }

        private Load load(Runnable work) {
            double cloud = CpuTime.seconds(lab.cloud().pid());
            double simulator = CpuTime.ownSeconds();
            double took = seconds(work);
            return new Load(
                    took,
                    (CpuTime.seconds(lab.cloud().pid()) - cloud) / took,
                    (CpuTime.ownSeconds() - simulator) / took);
        }

        private List<Double> times(String query, Map<String, ?> variables) {
            return IntStream.range(0, QUESTIONS)
                    .mapToObj(i -> seconds(() -> lab.api().execute(query, variables)) * 1_000)
                    .skip(QUESTIONS / 4)
                    .sorted()
                    .toList();
        }

        private static double percentile(List<Double> ascending) {
            return ascending.get((int) Math.ceil(ascending.size() * 0.99) - 1);
        }

        private static double seconds(Runnable work) {
            long began = System.nanoTime();
            work.run();
            return (System.nanoTime() - began) / 1e9;
        }

        private void write(Path database, List<String> services) {
            try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database)) {
                db.setAutoCommit(false);
                try (PreparedStatement rows = db.prepareStatement("WITH RECURSIVE n(i) AS"
                        + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                        + " INSERT INTO nodes (node_id, customer_id, name, key_fingerprint, claim_hash, capabilities, status, created_at)"
                        + " SELECT 'n' || i, customer_id, 'node-' || i, 'k' || i, 'c' || i, capabilities, status, created_at"
                        + " FROM n, (SELECT * FROM nodes LIMIT 1)")) {
                    rows.setInt(1, nodes);
                    rows.executeUpdate();
                }
                for (String service : services) {
                    try (PreparedStatement rows = db.prepareStatement(
                            "INSERT INTO instances"
                                    + " (instance_id, customer_id, service_id, node_id, created_at)"
                                    + " SELECT ? || node_id, customer_id, ?, node_id, created_at FROM nodes WHERE node_id LIKE 'n%'")) {
                        rows.setString(1, service);
                        rows.setString(2, service);
                        rows.executeUpdate();
                    }
                }
                db.commit();
            } catch (SQLException e) {
                throw new Problem("bench.database", "The control plane's database can't be filled.").asException(e);
            }
        }
    }
}
