package io.skerry.cloud;

import io.skerry.cloud.authority.CertificateAuthority;
import io.skerry.cloud.authority.Installation;
import io.skerry.cloud.authority.ServerCertificate;
import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.PublishedStates;
import io.skerry.cloud.deviceapi.ClientCertificates;
import io.skerry.cloud.deviceapi.DesiredStatePolls;
import io.skerry.cloud.deviceapi.Enrolments;
import io.skerry.cloud.deviceapi.StatusReports;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.idempotency.IdempotentCalls;
import io.skerry.cloud.instance.GroupInstances;
import io.skerry.cloud.metrics.Metrics;
import io.skerry.cloud.node.ClaimTokens;
import io.skerry.cloud.node.Enrolment;
import io.skerry.cloud.node.Identities;
import io.skerry.cloud.node.NodeStatuses;
import io.skerry.cloud.node.NodeWatch;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.node.Presence;
import io.skerry.cloud.observation.StatusObserver;
import io.skerry.cloud.remote.LogStreams;
import io.skerry.cloud.remote.OpenStreams;
import io.skerry.cloud.remote.StreamHop;
import io.skerry.cloud.replica.ChangeFollower;
import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.Leases;
import io.skerry.cloud.replica.Replicas;
import io.skerry.cloud.signing.FolderKeys;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.cloud.web.Operators;
import io.skerry.cloud.web.Ports;
import io.skerry.cloud.web.Route;
import io.skerry.cloud.webhook.DeliveryQueue;
import io.skerry.cloud.webhook.Webhooks;
import io.skerry.content.files.DurableFiles;
import io.skerry.content.tls.Pem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.Paths;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A control plane, put together: the one place that knows everyone. */
public final class Cloud implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);

    private static final Duration NOW = Duration.ZERO;
    private static final Duration SOON = Duration.ofSeconds(1);

    /** How soon a roll-out goes on after devices have said what it waits for. */
    private static final Duration ROLLOUTS_EVERY = Duration.ofSeconds(3);

    /** How soon addresses that became free are given to devices that wait for some. */
    private static final Duration ABSENT_EVERY = Duration.ofMinutes(1);

    /** How soon another process's devices are told what it didn't come to. */
    private static final Duration TELLING_EVERY = Duration.ofMinutes(1);

    /** How soon an earlier injected key is revoked after its device has taken up the next one. */
    private static final Duration KEYS_EVERY = Duration.ofSeconds(20);
    /** How soon an event is sent to those who want it. */
    private static final Duration WEBHOOKS_EVERY = Duration.ofSeconds(1);

    /** How soon it is told who came or, after its time, went. */
    private static final Duration PRESENCE_EVERY = Duration.ofSeconds(10);

    private static final Duration PRESENCE_FIRST = Duration.ofSeconds(5);

    private final CloudSettings settings;
    private final PrintStream out;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final CertificateAuthority authority;
    private final ServerCertificate serverCertificate;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService threads;
    private final FirstStart firstStart;
    private final Ports ports;
    private final List<Route> operatorRoutes = new ArrayList<>();
    private final List<Route> deviceRoutes = new ArrayList<>();
    private final DesiredStatePolls polls;
    private final SharedParts parts;
    private final FleetDoors fleet;
    private final Leases leases;
    private final Optional<Replication> replication;

    /**
     * Opens the data folder; nothing listens yet.
     *
     * @param out where the first API key is printed
     * @throws io.skerry.spec.ProblemException {@code data.…}, {@code database.…}, {@code storage.unavailable}, {@code
     *     content.…}, {@code host.malformed}
     */
    public Cloud(CloudSettings settings, PrintStream out) {
        this(settings, InstantSource.system(), out);
    }

    Cloud(CloudSettings settings, InstantSource time, PrintStream out) {
        this.settings = settings;
        this.out = out;
        try {
            DataFolder folder = opened(DataFolder.open(settings.data()));
            SharedFolder shared = SharedFolder.of(settings, folder);
            Blobs blobs = opened(shared.content(settings, folder));
            Storage storage = opened(settings.database().map(Storage::open).orElseGet(() -> Storage.open(folder)));
            threads = opened(Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("cloud-", 0).factory()));
            timer = timer();
            opened((AutoCloseable) timer::shutdownNow);

            var random = new SecureRandom();
            var ids = new Ids(time, random);
            Optional<Replicas> replicas = settings.database().map(d -> new Replicas(storage, ids.next()));
            Optional<ChangeFollower> follower = replicas.map(r -> new ChangeFollower(storage, r.self()));
            ChangeLog changes =
                    replicas.map(r -> ChangeLog.of(storage, r.self())).orElseGet(ChangeLog::alone);
            leases = replicas.map(r -> Leases.of(storage, r.self())).orElseGet(Leases::alone);

            authority = shared.making(keys -> CertificateAuthority.open(keys, time, random));
            Installation.claim(storage, authority);
            claim(blobs, authority.fingerprint());
            serverCertificate = new ServerCertificate(authority, folder.folder("keys"), settings.hosts(), time);
            var signingKeys = new FolderKeys(shared.folder("keys/customers"));

            var audit = new AuditLog(storage, ids, time);
            var customers = new Customers(storage, ids, time, signingKeys, audit);
            var streams = new OpenStreams(threads);
            var apiKeys = new ApiKeys(storage, ids, time, random, audit, changes, streams::keyRevoked);
            firstStart = new FirstStart(customers, apiKeys);
            var operators = new Operators(apiKeys);

            var published = new PublishedStates();
            var sealing = shared.making(keys -> SealingKeys.open(
                    shared.folder("keys/sealing"),
                    random,
                    () -> storage.read(h -> DesiredStates.anySealed(h) || Webhooks.anySealed(h))));
            var config = new ConfigRows(sealing);
            var events = new Events(storage, time, random, new DeliveryQueue(ids));
            var states = new DesiredStates(storage, time, signingKeys, published, config, changes, events);
            var byGroup = new GroupInstances(ids, time, states, apiKeys, audit);
            var identities = new Identities(storage);
            var presence = new Presence(time);
            Consumer<String> onRemoved = nodeId -> {
                presence.forget(nodeId);
                published.remove(nodeId);
                streams.nodeRemoved(nodeId);
            };
            var nodes =
                    new Nodes(storage, time, identities, presence, apiKeys, audit, events, byGroup, changes, onRemoved);
            var claimTokens = new ClaimTokens(storage, time, random, audit, authority.fingerprint());
            var enrolment = new Enrolment(storage, time, claimTokens, identities, byGroup, audit, events, changes);

            ports = new Ports(
                    settings.operators(),
                    settings.devices(),
                    settings.limits(),
                    serverCertificate.keys(),
                    authority.certificate());
            var metrics = new Metrics();
            metrics.counted(
                    "skerry_device_full_handshakes_total",
                    "Devices' handshakes that weren't resumed.",
                    () -> ports.fullDeviceHandshakes());
            metrics.gauge("skerry_nodes", "Enrolled devices.", identities::count);

            var certificates = new ClientCertificates(authority, identities, time, settings.renewable());
            polls = new DesiredStatePolls(
                    certificates,
                    published,
                    states,
                    presence,
                    metrics,
                    timer,
                    threads,
                    Math.toIntExact(settings.pollWait().toSeconds()));
            var enrolments =
                    new Enrolments(enrolment, authority, certificates, signingKeys, ids, settings.certificateLife());
            var watch = new NodeWatch();
            var statuses = new StatusReports(
                    certificates,
                    new NodeStatuses(storage, time, byGroup, new StatusObserver(events, time), watch, changes),
                    presence);
            var logs = new LogStreams(
                    storage,
                    operators,
                    nodes,
                    states,
                    certificates,
                    ports.webSockets(),
                    streams,
                    timer,
                    threads,
                    random,
                    time,
                    new StreamHop(replicas, authority));

            deviceRoutes.add(new Route(Paths.DESIRED_STATE, List.of("GET"), polls));
            deviceRoutes.add(new Route(Paths.STATUS, List.of("PUT"), statuses));
            deviceRoutes.add(new Route(Paths.ENROL, List.of("POST"), enrolments.enrol()));
            deviceRoutes.add(new Route(Paths.CERTIFICATE, List.of("POST"), enrolments.renew()));
            deviceRoutes.add(new Route(Paths.STREAMS, List.of("GET"), logs.forDevices()));
            deviceRoutes.add(new Route(StreamHop.PATH, List.of("GET"), logs.forReplicas()));
            operatorRoutes.add(new Route(LogStreams.PATH, List.of("GET"), logs.forOperators()));
            parts = new SharedParts(
                    authority.fingerprint(),
                    storage,
                    ids,
                    time,
                    customers,
                    apiKeys,
                    new Groups(storage, ids, time, audit, byGroup),
                    audit,
                    nodes,
                    claimTokens,
                    states,
                    byGroup,
                    config,
                    sealing,
                    events);
            fleet = opened(new FleetDoors(
                    settings,
                    parts,
                    blobs,
                    certificates,
                    ports.operatorsWebSockets(),
                    watch,
                    presence,
                    leases,
                    replicas.map(Replicas::self).orElse(""),
                    threads,
                    this::usualUrl));
            replication = replicas.map(r -> new Replication(
                    storage,
                    r,
                    changes,
                    follower.orElseThrow(),
                    new HeardChanges(apiKeys, identities, published, states, watch, onRemoved),
                    presence,
                    this::closeAbandoned));
            replication.ifPresent(this::opened);
            operatorRoutes.addAll(fleet.forOperators());
            deviceRoutes.addAll(fleet.forDevices());
            operatorRoutes.addAll(new OwnPages(storage, operators, metrics).routes());
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    /** Whoever is away for a moment keeps devices from nothing but fetching; what is set wrongly is told at once. */
    private static void claim(Blobs blobs, String installation) {
        try {
            blobs.claim(installation);
        } catch (ProblemException e) {
            if (!e.code().equals("content.unavailable")) {
                throw e;
            }
            LOG.error("The images' content can't be reached now; everything else works.", e);
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        var timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("cloud-timer").daemon(true).factory());
        // Most polls' time-outs are cancelled long before their time.
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /**
     * Publishes what the data folder holds, listens and answers.
     *
     * @throws io.skerry.spec.ProblemException {@code port.in-use}, {@code port.unavailable}; then it is closed
     */
    public void start() {
        try {
            settings.firstKeyFile().ifPresentOrElse(firstStart::writing, () -> firstStart.printing(out));
            DurableFiles.write(
                    authorityFile(),
                    Pem.write(List.of(authority.certificate())).getBytes(StandardCharsets.US_ASCII),
                    0644);
            Set<String> alive = replication.map(Replication::announce).orElseGet(Set::of);
            parts.states().tellNewEpoch();
            closeAbandoned(alive);
            parts.states().load();
            ports.start(operatorRoutes, polls, deviceRoutes);
            opened(ports);
            replication.ifPresent(r -> r.start(settings.replicaAddress().orElseGet(this::ownAddress), timer, threads));
            repeat(opened(new RepeatedWork(timer, threads)));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    private void repeat(RepeatedWork work) {
        List.<Runnable>of(serverCertificate::renewWhenDue, fleet::tidy, parts.audit()::forgetOld)
                .forEach(upkeep -> work.every(NOW, Duration.ofHours(1), "The control plane's upkeep failed.", upkeep));
        work.every(
                IdempotentCalls.PROLONGED_EVERY,
                IdempotentCalls.PROLONGED_EVERY,
                "The calls that are carried out could not be held.",
                fleet.calls()::prolong);
        work.every(SOON, ROLLOUTS_EVERY, "Roll-outs couldn't go on.", fleet::advance);
        work.every(SOON, ABSENT_EVERY, "Devices couldn't be given what their groups have.", fleet::retryAbsent);
        work.every(NOW, TELLING_EVERY, "Devices couldn't be told what they are to run.", fleet::finishTelling);
        work.every(SOON, KEYS_EVERY, "Injected keys couldn't be looked after.", fleet::rotateKeys);
        work.every(SOON, WEBHOOKS_EVERY, "Webhooks couldn't be served.", this::serveWebhooks);
        work.every(PRESENCE_FIRST, PRESENCE_EVERY, "Who came and went couldn't be told.", fleet::lookWhoIsThere);
    }

    private URI usualUrl() {
        String host = settings.hosts().getFirst();
        return URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + ports.operatorsPort());
    }

    private String ownAddress() {
        String host = settings.devices().addresses().stream()
                .filter(a -> !a.equals("0.0.0.0") && !a.equals("::"))
                .findFirst()
                .orElseGet(Cloud::ownName);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + ports.devicesPort();
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.warn("This machine's name has no address; give --replica-address if there are other processes.", e);
            return "localhost";
        }
    }

    /** Ends what processes began that aren't among these. */
    private void closeAbandoned(Set<String> alive) {
        fleet.failAbandonedImports(alive);
        parts.states().closeStreams(id -> !alive.contains(id.substring(0, Math.max(0, id.indexOf('.')))));
    }

    private void serveWebhooks() {
        try {
            fleet.serveWebhooks();
        } catch (ProblemException e) {
            // That the database is away is told once, and not each second.
            LOG.debug("Webhooks couldn't be served; it is tried again in a second.", e);
        }
    }

    /** The certificate authority's certificate, PEM, for clients. */
    public Path authorityFile() {
        return settings.data().resolve("ca.pem");
    }

    /** The operators' port in use. */
    public int operatorsPort() {
        return ports.operatorsPort();
    }

    /** The devices' port in use. */
    public int devicesPort() {
        return ports.devicesPort();
    }

    Ports ports() {
        return ports;
    }

    SharedParts parts() {
        return parts;
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private void closeAfter(Throwable because) {
        try {
            close();
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    /** Stops listening, lets what was begun end, and gives the data folder free. */
    @Override
    public void close() {
        RuntimeException failures = new IllegalStateException("the control plane didn't close cleanly");
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failures.addSuppressed(e);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }
}
