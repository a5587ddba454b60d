package io.skerry.device;

import io.skerry.content.registry.HttpTransport;
import io.skerry.content.registry.JdkHttpTransport;
import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.device.config.DeviceSettings;
import io.skerry.device.identity.CertificateRenewal;
import io.skerry.device.identity.Membership;
import io.skerry.device.identity.TrustedTime;
import io.skerry.device.image.ImageStore;
import io.skerry.device.link.CloudClient;
import io.skerry.device.link.CountingTransport;
import io.skerry.device.link.Link;
import io.skerry.device.link.LinkPace;
import io.skerry.device.link.Purpose;
import io.skerry.device.link.TrafficCount;
import io.skerry.device.remote.Streams;
import io.skerry.device.revision.Engine;
import io.skerry.device.revision.Hands;
import io.skerry.device.revision.Ticker;
import io.skerry.device.watch.LifeSign;
import io.skerry.device.watch.Watch;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.window.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The daemon of an enrolled device: the one place where its features are put together. Closing it leaves the containers
 * running.
 */
final class Daemon implements AutoCloseable {
    private static final Duration ROUND = Duration.ofSeconds(30);

    /** The engine looks around once a minute at least. */
    private static final Duration ENGINE_LIMIT = Duration.ofMinutes(3);

    private final CloudClient cloud;
    private final Engine engine;
    private final Streams streams;
    private final Link link;
    private final CertificateRenewal renewal;
    private final StatusBoard board;
    private final Watch watch;
    private final Thread rounds = Thread.ofVirtual().name("rounds").unstarted(this::goRounds);

    Daemon(
            DeviceSettings settings,
            CloudSide.Linked side,
            Host host,
            Watch watch,
            TrustedTime time,
            RandomGenerator random) {
        this.watch = watch;
        Path data = settings.data();
        Membership membership = side.identity().membership();
        TrafficCount traffic = side.traffic();
        cloud = side.client();
        JdkHttpTransport content = new JdkHttpTransport(cloud.http());
        engine = engine(
                data,
                new CountingTransport(content, traffic),
                side.address().getAuthority(),
                host,
                watch,
                time,
                random);
        streams = new Streams(cloud.http(), side.address(), host.logs(), time, n -> traffic.sent(Purpose.REMOTE, n));
        renewal = new CertificateRenewal(side.identity(), side.tls(), time, cloud::renewCertificate, random);
        board = new StatusBoard(data, host, engine::standing, traffic, time);
        link = new Link(
                data,
                new Link.Party(membership.customer(), membership.node(), membership.root()),
                cloud,
                traffic,
                settings.pollWait(),
                LinkPace.normal(settings.statusInterval()),
                watch,
                this::apply,
                this::status,
                random);
        host.containers().onChange(link::statusChanged);
        engine.onChange(link::statusChanged);
    }

    /** @param registry by which images are fetched, and how it is called */
    static Engine engine(
            Path data,
            HttpTransport registry,
            String registryHost,
            Host host,
            Watch watch,
            TrustedTime time,
            RandomGenerator random) {
        ImageStore images = new ImageStore(
                data.resolve("content"),
                new RegistryClient(registry, RegistryAccess.anonymous()),
                registryHost,
                architecture(),
                host.disk(),
                host.machine().bootId());
        LifeSign life = watch.expect("the engine", ENGINE_LIMIT);
        return new Engine(
                data,
                new Hands(images, host.containers(), host.volumes(), host.machine()),
                Ticker.system(),
                time,
                time::known,
                random,
                life::shown);
    }

    void start() {
        engine.start();
        link.start();
        renewal.start();
        rounds.start();
    }

    /** The machine's architecture, if Skerry runs on it. */
    static Architecture architecture() {
        return Architecture.ofJava(System.getProperty("os.arch", ""))
                .orElseThrow(() -> new Problem(
                                "device.architecture",
                                "This machine's architecture '" + System.getProperty("os.arch")
                                        + "' is not one that Skerry knows.",
                                "Use a machine with amd64, arm64 or armhf.")
                        .asException());
    }

    @Override
    public void close() {
        rounds.interrupt();
        renewal.close();
        streams.close();
        link.close();
        engine.close();
        cloud.close();
    }

    private void apply(DesiredState state) {
        streams.apply(
                state.session().streams(), Instant.ofEpochMilli(state.head().notAfter()));
        engine.hold(state.contents());
        engine.together(() -> {
            engine.follow(state.session().schedule().orElse(Schedule.ALWAYS));
            engine.offer(state.owner(), state.workload(), state.session().retryToken());
        });
    }

    private byte[] status() {
        List<Problem> problems = new ArrayList<>(link.problems());
        renewal.problem().ifPresent(problems::add);
        problems.addAll(watch.problems());
        byte[] json = DeviceStatus.JSON.toJsonBytes(board.status(link.accepted(), problems));
        board.write(json);
        return json;
    }

    private void goRounds() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(ROUND);
                streams.refresh();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
