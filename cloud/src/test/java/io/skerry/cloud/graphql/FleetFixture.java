package io.skerry.cloud.graphql;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.PublishedStates;
import io.skerry.cloud.egress.EgressAnswer;
import io.skerry.cloud.egress.EgressPost;
import io.skerry.cloud.egress.Posts;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.idempotency.IdempotentCalls;
import io.skerry.cloud.injection.InjectedKeys;
import io.skerry.cloud.injection.KeyRotation;
import io.skerry.cloud.instance.AbsentInstances;
import io.skerry.cloud.instance.GroupInstances;
import io.skerry.cloud.instance.GroupServices;
import io.skerry.cloud.instance.InstanceConfigs;
import io.skerry.cloud.instance.InstanceViews;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.instance.RolloutReports;
import io.skerry.cloud.login.LoginRules;
import io.skerry.cloud.node.ClaimTokens;
import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.cloud.node.Enrolment;
import io.skerry.cloud.node.Identities;
import io.skerry.cloud.node.NodeStatuses;
import io.skerry.cloud.node.NodeWatch;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.node.PortionedChanges;
import io.skerry.cloud.node.Presence;
import io.skerry.cloud.observation.StatusObserver;
import io.skerry.cloud.registry.StoredImages;
import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.Leases;
import io.skerry.cloud.rollout.RolloutTurns;
import io.skerry.cloud.rollout.Rollouts;
import io.skerry.cloud.service.ImagePull;
import io.skerry.cloud.service.Leftovers;
import io.skerry.cloud.service.Retirement;
import io.skerry.cloud.service.ServiceImports;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.ApiKey;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.cloud.tenancy.KeyGrant;
import io.skerry.cloud.tenancy.NewApiKey;
import io.skerry.cloud.tenancy.Role;
import io.skerry.cloud.webhook.DeliveryLoop;
import io.skerry.cloud.webhook.DeliveryQueue;
import io.skerry.cloud.webhook.Webhooks;
import io.skerry.cloud.window.WindowChanges;
import io.skerry.content.registry.HttpTransport;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.Capabilities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A control plane without its ports: real storage in a folder, everything wired, documents as they are, unsigned. */
public final class FleetFixture implements AutoCloseable {
    /** What a device of today can do. */
    public static final List<String> FEATURES = List.of(
            "volumes",
            "health-exec",
            "health-http",
            "health-tcp",
            "groups",
            "ready-word",
            "goal-seconds",
            "update-rules",
            "recovery",
            "volume-care",
            "windows",
            "config-files");

    /** Who does what the tests do. */
    public static final Actor TESTER = Actor.key("key", "tester");

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    public final DataFolder folder;
    public final Storage storage;
    public final Ids ids;
    public final Blobs blobs;
    public final Customers customers;
    public final AuditLog audit;
    public final ApiKeys keys;
    public final GroupInstances byGroup;
    public final Groups groups;
    public final DesiredStates desired;
    public final Presence presence;
    public final Nodes nodes;
    public final NodeWatch watch = new NodeWatch();
    public final NodeStatuses statuses;
    public final Enrolment enrolment;
    public final Services services;
    public final ServiceImports imports;
    public final Rollouts rollouts;
    public final RolloutTurns turns;
    public final Instances instances;
    public final AbsentInstances absent;
    public final KeyRotation rotation;
    public final InstanceViews views;
    public final StoredImages images;
    public final FleetApi api;
    public final IdempotentCalls calls;
    public final Events events;
    public final SealingKeys sealing;
    public final Webhooks webhooks;
    /** What is posted to webhooks' receivers when nothing else is said. */
    public volatile Posts posts = new NoPosts();

    private final InstantSource time = () -> Instant.now().plus(ahead());

    /** One that pulls no image from anywhere. */
    public static FleetFixture withoutImages(Path root) {
        return new FleetFixture(
                root,
                ask -> {
                    throw new AssertionError("nothing is fetched here");
                },
                Set.of());
    }

    /** @param plainHttp registries that are spoken to without TLS */
    public FleetFixture(Path root, HttpTransport transport, Set<String> plainHttp) {
        var random = new SecureRandom();
        folder = DataFolder.open(root);
        storage = TestDatabase.open(folder);
        ids = new Ids(time, random);
        blobs = TestContent.open(root);
        audit = new AuditLog(storage, ids, time);
        customers = new Customers(storage, ids, time, customer -> {}, audit);
        keys = new ApiKeys(storage, ids, time, random, audit, ChangeLog.alone(), keyId -> {});
        var published = new PublishedStates();
        sealing = SealingKeys.open(folder.folder("keys/sealing"), random, () -> storage.read(DesiredStates::anySealed));
        var config = new ConfigRows(sealing);
        events = new Events(storage, time, random, new DeliveryQueue(ids));
        desired = new DesiredStates(
                storage,
                time,
                state -> Documents.DESIRED_STATE.toJsonBytes(state),
                published,
                config,
                ChangeLog.alone(),
                events);
        byGroup = new GroupInstances(ids, time, desired, keys, audit);
        groups = new Groups(storage, ids, time, audit, byGroup);
        presence = new Presence(time);
        var identities = new Identities(storage);
        nodes = new Nodes(
                storage,
                time,
                identities,
                presence,
                keys,
                audit,
                events,
                byGroup,
                ChangeLog.alone(),
                published::remove);
        statuses = new NodeStatuses(storage, time, byGroup, new StatusObserver(events, time), watch, ChangeLog.alone());
        var claims = new ClaimTokens(storage, time, random, audit, "0".repeat(64));
        enrolment = new Enrolment(storage, time, claims, identities, byGroup, audit, events, ChangeLog.alone());
        services = new Services(storage);
        var portions = new PortionedChanges(storage, byGroup, Thread::startVirtualThread);
        rollouts = new Rollouts(storage, ids, time, portions, audit, events);
        turns = new RolloutTurns(storage, time, portions, audit, events);
        imports = new ServiceImports(
                storage,
                ids,
                time,
                new ImagePull(transport, storage, time, blobs, plainHttp),
                new Leftovers(storage, blobs, "fleet", time, Leases.alone()),
                portions,
                rollouts,
                audit,
                events,
                actor -> true,
                "");
        imports.failAbandoned(Set.of());
        instances = new Instances(storage, ids, time, desired, nodes, byGroup, keys, audit);
        absent = new AbsentInstances(storage, byGroup);
        views = new InstanceViews(storage, desired, nodes);
        var configs = new InstanceConfigs(storage, time, desired, config, audit);
        var injectedKeys = new InjectedKeys(storage, ids, time, configs, config, keys, audit);
        rotation = new KeyRotation(storage, time, desired, injectedKeys);
        images = new StoredImages(storage);
        calls = new IdempotentCalls(storage, ids, time);
        webhooks = new Webhooks(storage, ids, time, random, sealing, new LaterPosts(), events, audit);
        api = new FleetApi(
                new FleetApi.Parts(
                        ids,
                        customers,
                        keys,
                        groups,
                        audit,
                        services,
                        imports,
                        new Retirement(storage, time, portions, audit),
                        nodes,
                        claims,
                        desired,
                        instances,
                        views,
                        new WindowChanges(storage, time, portions, audit),
                        rollouts,
                        new RolloutReports(storage, time, instances, views),
                        configs,
                        new GroupServices(storage, ids, time, desired, byGroup, audit),
                        absent,
                        injectedKeys,
                        events,
                        webhooks,
                        new LoginRules(storage, ids, time, keys, audit)),
                actor -> actor.equals(TESTER) || keys.isGood(actor));
    }

    /** A loop that delivers from this fleet's database, as one process of several has it; each turn ends before it returns. */
    public DeliveryLoop deliveryLoop() {
        return deliveryLoop(storage);
    }

    /** The same by other connections. */
    public DeliveryLoop deliveryLoop(Storage by) {
        return new DeliveryLoop(by, ids, time, new Random(7), Runnable::run, new LaterPosts(), sealing, events, audit);
    }

    /** The control plane's clock. */
    public InstantSource time() {
        return time;
    }

    /** Asks what stands in {@link #posts} at the time. */
    private final class LaterPosts implements Posts {
        @Override
        public EgressAnswer post(EgressPost post) throws IOException {
            return posts.post(post);
        }

        @Override
        public void check(String host) {
            posts.check(host);
        }

        @Override
        public boolean isPrivateAllowed() {
            return posts.isPrivateAllowed();
        }
    }

    private static final class NoPosts implements Posts {
        @Override
        public EgressAnswer post(EgressPost post) {
            throw new AssertionError("nothing is posted here");
        }

        @Override
        public void check(String host) {}

        @Override
        public boolean isPrivateAllowed() {
            return false;
        }
    }

    /** Sets the control plane's clock forward. */
    public void later(Duration by) {
        ahead.updateAndGet(by::plus);
    }

    /** By how much its clock was set forward. */
    public Duration ahead() {
        return ahead.get();
    }

    /** A customer's id. */
    public String customer(String name) {
        return customers.create(name, TESTER).customerId();
    }

    /** A key that may do everything that is the customer's. */
    public NewApiKey key(String customerId, String name) {
        return keys.create(
                new KeyGrant(Optional.of(customerId), name, Role.ADMIN, Optional.empty(), Optional.empty()),
                Caller.everything(TESTER));
    }

    /** A key that may do everything. */
    public NewApiKey keyOfInstallation(String name) {
        return keys.create(
                new KeyGrant(Optional.empty(), name, Role.ADMIN, Optional.empty(), Optional.empty()),
                Caller.everything(TESTER));
    }

    /** A customer's first keys, at most a page. */
    public List<ApiKey> keysOf(String customerId) {
        return keys.list(Optional.of(customerId), 200, "").items();
    }

    /** A device's id. */
    public String node(String customerId, String name, Architecture architecture) {
        return node(customerId, name, new Capabilities(1, architecture, List.of("runc"), List.of(), FEATURES, 2));
    }

    public String node(String customerId, String name, Capabilities capabilities) {
        String id = ids.next();
        return storage.write(h -> {
            h.execute(
                    "INSERT INTO nodes (node_id, customer_id, name, key_fingerprint, capabilities, created_at)"
                            + " VALUES (?, ?, ?, ?, ?, 1)",
                    id,
                    customerId,
                    name,
                    Digest.of(id.getBytes(StandardCharsets.UTF_8)).hex(),
                    Wire.lenient(Capabilities.class).toJson(capabilities));
            desired.refresh(h, List.of(id));
            return id;
        });
    }

    /** Carries out a query by a key of the whole installation. */
    public Map<String, @Nullable Object> ask(String query) {
        return askAs(Caller.everything(TESTER), query);
    }

    /** Carries out a query by one customer's key. */
    public Map<String, @Nullable Object> askAs(String customerId, String query) {
        return askAs(
                new Caller(TESTER, Optional.of(customerId), Role.ADMIN, Optional.empty(), Optional.empty()), query);
    }

    /** Carries out a query by a caller. */
    public Map<String, @Nullable Object> askAs(Caller caller, String query) {
        // As it travels, so that what can't be written as JSON is noticed.
        byte[] json = JsonText.bytes(api.answer(new GraphQlCall(query, Optional.empty(), Map.of()), caller)
                .body());
        return JsonText.object(json, "The answer");
    }

    /** The data of an answer without errors. */
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> data(Map<String, @Nullable Object> answer) {
        if (answer.containsKey("errors") || answer.get("data") == null) {
            throw new AssertionError("the answer has errors: " + answer);
        }
        return (Map<String, @Nullable Object>) answer.get("data");
    }

    /** The code of an answer's first error. */
    public static String code(Map<String, @Nullable Object> answer) {
        return first(answer).get("extensions") instanceof Map<?, ?> extensions ? extensions.get("code") + "" : "";
    }

    /** The message of an answer's first error. */
    public static String message(Map<String, @Nullable Object> answer) {
        return first(answer).get("message") + "";
    }

    private static Map<?, ?> first(Map<String, @Nullable Object> answer) {
        if (!(answer.get("errors") instanceof List<?> errors)) {
            throw new AssertionError("the answer has no errors: " + answer);
        }
        return (Map<?, ?>) errors.getFirst();
    }

    @Override
    public void close() {
        imports.close();
        storage.close();
        folder.close();
    }

    /** The device tells that it runs one container, of this image. */
    public void runs(String node, String instance, Digest manifest) {
        statuses.reported(
                node,
                DeviceStatuses.idle(
                        new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2),
                        DeviceStatuses.running(instance, new ServiceVersion("service", "web", 1), manifest)));
    }
}
