package io.skerry.cloud;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.deviceapi.ClientCertificates;
import io.skerry.cloud.egress.EgressPolicy;
import io.skerry.cloud.egress.EgressTransport;
import io.skerry.cloud.egress.TrustedAuthorities;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.graphql.ExplorerPage;
import io.skerry.cloud.graphql.FleetApi;
import io.skerry.cloud.graphql.GraphQlHandler;
import io.skerry.cloud.idempotency.IdempotentCalls;
import io.skerry.cloud.injection.InjectedKeys;
import io.skerry.cloud.injection.KeyRotation;
import io.skerry.cloud.instance.AbsentInstances;
import io.skerry.cloud.instance.GroupServices;
import io.skerry.cloud.instance.InstanceConfigs;
import io.skerry.cloud.instance.InstanceViews;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.instance.RolloutReports;
import io.skerry.cloud.login.LoginRules;
import io.skerry.cloud.login.PeoplesDoor;
import io.skerry.cloud.node.NodeWatch;
import io.skerry.cloud.node.PortionedChanges;
import io.skerry.cloud.node.Presence;
import io.skerry.cloud.observation.PresenceObserver;
import io.skerry.cloud.registry.ApiKeyAuthenticator;
import io.skerry.cloud.registry.Reader;
import io.skerry.cloud.registry.RegistryHandler;
import io.skerry.cloud.registry.StoredImages;
import io.skerry.cloud.replica.Leases;
import io.skerry.cloud.rollout.Reports;
import io.skerry.cloud.rollout.RolloutTurns;
import io.skerry.cloud.rollout.Rollouts;
import io.skerry.cloud.service.ImagePull;
import io.skerry.cloud.service.Leftovers;
import io.skerry.cloud.service.Retirement;
import io.skerry.cloud.service.ServiceImports;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.web.Route;
import io.skerry.cloud.webhook.DeliveryLoop;
import io.skerry.cloud.webhook.OldDeliveries;
import io.skerry.cloud.webhook.Webhooks;
import io.skerry.cloud.window.WindowChanges;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The fleet API and the registry, put together from what {@link Cloud} has. */
final class FleetDoors implements AutoCloseable {
    /** How long roll-outs stand still when the process dies that goes on with them. */
    private static final Duration ADVANCING = Duration.ofSeconds(20);

    /** As long as these: for two of their turns. */
    private static final Duration RETRYING = Duration.ofMinutes(2);

    private static final Duration ROTATING = Duration.ofSeconds(40);

    private final EgressTransport egress;
    private final Leases leases;
    private final Leftovers leftovers;
    private final ServiceImports imports;
    private final IdempotentCalls calls;
    private final Presence presence;
    private final PortionedChanges portions;
    private final RolloutTurns turns;
    private final AbsentInstances absent;
    private final KeyRotation rotation;
    private final Reports reports;
    private final Spacing paced = new Spacing(System::nanoTime);
    private final ReentrantLock advancing = new ReentrantLock();
    private final ReentrantLock retrying = new ReentrantLock();
    private final ReentrantLock telling = new ReentrantLock();
    private final ReentrantLock rotating = new ReentrantLock();
    private final DeliveryLoop deliveries;
    private final PresenceObserver comings;
    private final OldDeliveries oldDeliveries;
    private final Events events;
    private final Optional<PeoplesDoor> people;
    private final ApiKeys keys;
    private final GraphQlHandler graphQl;
    private final RegistryHandler operatorsRegistry;
    private final RegistryHandler devicesRegistry;

    FleetDoors(
            CloudSettings settings,
            SharedParts parts,
            Blobs blobs,
            ClientCertificates certificates,
            ServerWebSocketContainer webSockets,
            NodeWatch watch,
            Presence presence,
            Leases leases,
            String self,
            Executor threads,
            Supplier<URI> usualUrl) {
        this.presence = presence;
        this.leases = leases;
        egress = new EgressTransport(
                new EgressPolicy(settings.privateRegistries()),
                TrustedAuthorities.systemAnd(settings.data().resolve("registry-ca")));
        leftovers = new Leftovers(parts.storage(), blobs, parts.installation(), parts.time(), leases);
        portions = new PortionedChanges(parts.storage(), parts.byGroup(), threads);
        var rollouts =
                new Rollouts(parts.storage(), parts.ids(), parts.time(), portions, parts.audit(), parts.events());
        turns = new RolloutTurns(parts.storage(), parts.time(), portions, parts.audit(), parts.events());
        imports = new ServiceImports(
                parts.storage(),
                parts.ids(),
                parts.time(),
                new ImagePull(egress, parts.storage(), parts.time(), blobs, settings.plainHttpRegistries()),
                leftovers,
                portions,
                rollouts,
                parts.audit(),
                parts.events(),
                parts.apiKeys()::isGood,
                self);
        var instances = new Instances(
                parts.storage(),
                parts.ids(),
                parts.time(),
                parts.states(),
                parts.nodes(),
                parts.byGroup(),
                parts.apiKeys(),
                parts.audit());
        absent = new AbsentInstances(parts.storage(), parts.byGroup());
        var groupServices = new GroupServices(
                parts.storage(), parts.ids(), parts.time(), parts.states(), parts.byGroup(), parts.audit());
        var configs = new InstanceConfigs(parts.storage(), parts.time(), parts.states(), parts.config(), parts.audit());
        var injectedKeys = new InjectedKeys(
                parts.storage(), parts.ids(), parts.time(), configs, parts.config(), parts.apiKeys(), parts.audit());
        rotation = new KeyRotation(parts.storage(), parts.time(), parts.states(), injectedKeys);
        calls = new IdempotentCalls(parts.storage(), parts.ids(), parts.time());
        var views = new InstanceViews(parts.storage(), parts.states(), parts.nodes());
        reports = new RolloutReports(parts.storage(), parts.time(), instances, views);
        events = parts.events();
        comings = new PresenceObserver(parts.storage(), presence, events, parts.time());
        oldDeliveries = new OldDeliveries(parts.storage(), parts.time());
        var random = new SecureRandom();
        keys = parts.apiKeys();
        people = settings.people()
                .map(provider -> new PeoplesDoor(
                        provider, usualUrl, parts.storage(), keys, parts.sealing(), parts.time(), random));
        deliveries = new DeliveryLoop(
                parts.storage(),
                parts.ids(),
                parts.time(),
                random,
                threads,
                egress,
                parts.sealing(),
                events,
                parts.audit());
        graphQl = new GraphQlHandler(
                new FleetApi(
                        new FleetApi.Parts(
                                parts.ids(),
                                parts.customers(),
                                parts.apiKeys(),
                                parts.groups(),
                                parts.audit(),
                                new Services(parts.storage()),
                                imports,
                                new Retirement(parts.storage(), parts.time(), portions, parts.audit()),
                                parts.nodes(),
                                parts.claimTokens(),
                                parts.states(),
                                instances,
                                views,
                                new WindowChanges(parts.storage(), parts.time(), portions, parts.audit()),
                                rollouts,
                                reports,
                                configs,
                                groupServices,
                                absent,
                                injectedKeys,
                                events,
                                new Webhooks(
                                        parts.storage(),
                                        parts.ids(),
                                        parts.time(),
                                        random,
                                        parts.sealing(),
                                        egress,
                                        events,
                                        parts.audit()),
                                new LoginRules(parts.storage(), parts.ids(), parts.time(), keys, parts.audit())),
                        parts.apiKeys()::isGood),
                parts.apiKeys(),
                calls,
                random,
                webSockets,
                watch);
        var images = new StoredImages(parts.storage());
        operatorsRegistry = new RegistryHandler(images, blobs, new ApiKeyAuthenticator(parts.apiKeys()));
        devicesRegistry = new RegistryHandler(images, blobs, request -> device(certificates, request));
    }

    /** A request without a good certificate is answered as on all the devices' port: by what {@code device} throws. */
    private static Optional<Reader> device(ClientCertificates certificates, Request request) {
        return Optional.of(new Reader.Device(certificates.device(request).nodeId()));
    }

    /** Removes what nobody needs any more; called now and then. */
    void tidy() {
        leftovers.remove();
        calls.forgetOld();
        oldDeliveries.forget();
        events.forgetOld();
        keys.forgetOld();
    }

    /** Gives devices what they wait for by their groups, where there is room now; called once a minute, and one process does it. */
    void retryAbsent() {
        oneAtATime(retrying, "retry absent instances", RETRYING, absent::retryExhausted);
    }

    /** Tells devices what a process that ended didn't come to; called once a minute, and one process does it. */
    void finishTelling() {
        oneAtATime(telling, "finish telling", RETRYING, portions::finish);
    }

    /** Rotates and revokes injected keys that are due; called every some seconds, and one process does it. */
    void rotateKeys() {
        oneAtATime(rotating, "rotate injected keys", ROTATING, rotation::keepUp);
    }

    /** Imports that other processes left running than these count as failed. */
    void failAbandonedImports(Collection<String> alive) {
        imports.failAbandoned(alive);
    }

    /** The idempotent calls that are carried out and kept. */
    IdempotentCalls calls() {
        return calls;
    }

    /**
     * Goes on with roll-outs once it is known who is there; called every few seconds, and one call at a time does it, in one of
     * the processes on a database; of a large fleet less often. When two did, since one was late, each step would still be judged
     * and kept by itself.
     */
    void advance() {
        if (presence.isSettled()) {
            oneAtATime(advancing, "advance roll-outs", ADVANCING, () -> paced.turn(() -> turns.advance(reports)));
        }
    }

    /** A lease keeps other processes from it, and a lock this one. */
    private void oneAtATime(ReentrantLock here, String work, Duration length, Runnable doing) {
        if (here.tryLock()) {
            try {
                if (leases.hold(work, length)) {
                    doing.run();
                }
            } finally {
                here.unlock();
            }
        }
    }

    /** Sends what is to be sent to webhooks; called every second. */
    void serveWebhooks() {
        deliveries.turn();
    }

    /** Tells whose devices came and went; called every few seconds. */
    void lookWhoIsThere() {
        comings.look();
    }

    List<Route> forOperators() {
        List<Route> routes = new ArrayList<>(ExplorerPage.parts());
        routes.add(Route.all("/graphql", graphQl));
        routes.addAll(people.map(PeoplesDoor::routes).orElseGet(() -> PeoplesDoor.closed(keys)));
        routes.add(Route.all("/v2", operatorsRegistry));
        routes.add(Route.all("/v2/", operatorsRegistry));
        return List.copyOf(routes);
    }

    List<Route> forDevices() {
        return List.of(Route.all("/v2", devicesRegistry), Route.all("/v2/", devicesRegistry));
    }

    @Override
    public void close() {
        portions.close();
        imports.close();
        deliveries.end();
        egress.close();
        people.ifPresent(PeoplesDoor::close);
        deliveries.close();
    }
}
