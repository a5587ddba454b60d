package io.skerry.cloud.desired;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.node.WorkloadChanges;
import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.FleetChange;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Digest;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.Contents;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Head;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.Session;
import io.skerry.spec.desired.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What each node was told last: kept up to date, signed, and published once it is on the disk. */
public final class DesiredStates implements WorkloadChanges {
    /** How long a document's session half counts; no stream is longer. */
    static final Duration SESSION_LIFE = Duration.ofHours(24);

    /** Before a document that has secrets in it; one without begins as JSON does. */
    private static final String SEALED = "sealed:";

    private static final JsonType<Session> SESSION = Wire.lenient(Session.class);

    private final Storage storage;
    private final InstantSource time;
    private final StateSigner signer;
    private final PublishedStates published;
    private final ConfigRows config;
    private final ChangeLog changes;
    private final RefusedVersions refused;

    /**
     * @param config what the instances' configuration files say
     * @param changes told of each node that is told something here
     * @param events told of versions that a node can't have
     */
    public DesiredStates(
            Storage storage,
            InstantSource time,
            StateSigner signer,
            PublishedStates published,
            ConfigRows config,
            ChangeLog changes,
            Events events) {
        this.storage = storage;
        this.time = time;
        this.signer = signer;
        this.published = published;
        this.config = config;
        this.changes = changes;
        this.refused = new RefusedVersions(events);
    }

    /** Whether the database has anything that doesn't open without a sealing key. */
    public static boolean anySealed(Handle h) {
        return ConfigRows.any(h)
                || h.createQuery("SELECT count(*) FROM desired_states WHERE signed LIKE :sealed")
                                .bind("sealed", SEALED + "%")
                                .mapTo(Long.class)
                                .one()
                        > 0;
    }

    /**
     * Asks no node any more for streams whose operators are gone, since the process is at which they waited.
     *
     * @param abandoned which, by their ids
     */
    public void closeStreams(Predicate<String> abandoned) {
        storage.write(h -> {
            List<String> open = h.createQuery(
                            "SELECT node_id FROM desired_states WHERE session LIKE '%\"streams\":[{%'")
                    .mapTo(String.class)
                    .list();
            open.forEach(n -> session(
                    h,
                    n,
                    s -> s.withStreams(s.streams().stream()
                            .filter(t -> !abandoned.test(t.id()))
                            .toList())));
            return open.size();
        });
    }

    /** Publishes what was told before the start, or by other processes. */
    public void load() {
        storage.read(h -> h.createQuery("SELECT node_id, epoch, serial FROM desired_states")
                        .map((rs, c) -> Map.entry(rs.getString(1), new Position(rs.getLong(2), rs.getLong(3))))
                        .list())
                .forEach(e -> published.publish(e.getKey(), e.getValue()));
    }

    /**
     * Tells each node anew that was told nothing yet in its epoch, as after a restore: what it was told last, without the streams
     * of operators who are gone. Some at a time, so that a start that is cut off is gone on with by the next one.
     */
    public void tellNewEpoch() {
        int told;
        do {
            told = storage.write(h -> {
                List<String> some = Epochs.untold(h);
                new FleetTables(h)
                        .told(some)
                        .forEach(t -> tell(h, t, t.workload(), t.session().withStreams(List.of())));
                return some.size();
            });
        } while (told > 0);
    }

    @Override
    public void refresh(Handle h, Collection<String> nodeIds) {
        new FleetTables(h).told(nodeIds).forEach(told -> refresh(h, told));
    }

    private void refresh(Handle h, FleetTables.Told told) {
        Fleet.Answer answer = Resolver.resolve(told.question());
        Workload wanted = answer.workload();
        Session session = told.session().withSchedule(told.question().node().told());
        if (told.position().equals(Position.NONE)
                || !wanted.equals(told.workload())
                || !session.equals(told.session())) {
            tell(h, told, wanted, session);
        }
        refused.tell(h, told.question(), answer.targets(), told.refusals());
    }

    /** What each instance on these nodes is to run and why, by instance id. */
    public Map<String, Target> targets(Handle h, Collection<String> nodeIds) {
        var targets = new HashMap<String, Target>();
        new FleetTables(h)
                .told(nodeIds)
                .forEach(
                        told -> targets.putAll(Resolver.resolve(told.question()).targets()));
        return targets;
    }

    /** What each instance on this node is to run and why, by instance id. */
    public Map<String, Target> targets(String nodeId) {
        return storage.read(h -> targets(h, List.of(nodeId)));
    }

    /** Where these nodes' desired states stand, by node id. */
    public Optional<Position> position(String nodeId) {
        return published.position(nodeId);
    }

    /**
     * Lets the node try again a workload that failed on it before.
     *
     * @param token any that wasn't used before
     */
    public void retry(Handle h, String nodeId, String token) {
        session(h, nodeId, s -> s.withRetryToken(token));
    }

    /** Asks the node for a stream. */
    public void openStream(String nodeId, Session.Stream stream) {
        storage.write(h -> {
            session(h, nodeId, s -> {
                var streams = new ArrayList<>(s.streams());
                streams.add(stream);
                return s.withStreams(streams);
            });
            return nodeId;
        });
    }

    /** Asks the node for a stream no more; one that it isn't asked for is passed over. */
    public void closeStream(String nodeId, String streamId) {
        storage.write(h -> {
            session(
                    h,
                    nodeId,
                    s -> s.withStreams(s.streams().stream()
                            .filter(t -> !t.id().equals(streamId))
                            .toList()));
            return nodeId;
        });
    }

    /** The node's newest signed document, as it travels; nothing when there is no such node. */
    public Optional<Published> document(String nodeId) {
        return storage.read(h -> h.createQuery("SELECT epoch, serial, signed FROM desired_states WHERE node_id = :id")
                .bind("id", nodeId)
                .map((rs, c) -> new Published(
                        new Position(rs.getLong("epoch"), rs.getLong("serial")), body(rs.getString("signed"), nodeId)))
                .findOne());
    }

    private byte[] body(String stored, String nodeId) {
        return stored.startsWith(SEALED)
                ? config.opened(stored.substring(SEALED.length()), nodeId)
                : stored.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<Contents> contents(Handle h, String nodeId, Workload workload) {
        Set<Digest> wanted = workload.containers().values().stream()
                .flatMap(c -> c.config().stream())
                .flatMap(c -> c.files().stream())
                .map(ConfigFile::digest)
                .collect(Collectors.toSet());
        // What a refused instance keeps of files that were changed since is on its device.
        return Optional.of(config.contents(h, nodeId, wanted))
                .filter(found -> !found.isEmpty())
                .map(Contents::of);
    }

    private void session(Handle h, String nodeId, UnaryOperator<Session> change) {
        new FleetTables(h).told(List.of(nodeId)).forEach(told -> {
            Session wanted = change.apply(told.session());
            if (!wanted.equals(told.session())) {
                tell(h, told, told.workload(), wanted);
            }
        });
    }

    private void tell(Handle h, FleetTables.Told told, Workload workload, Session session) {
        Fleet.Node node = told.question().node();
        Position position = told.position().next();
        Optional<Contents> contents = contents(h, node.nodeId(), workload);
        var state = new DesiredState(
                new Head(
                        DesiredState.DOCUMENT_VERSION,
                        node.customerId(),
                        node.nodeId(),
                        position,
                        time.millis() + SESSION_LIFE.toMillis()),
                Owner.CLOUD,
                workload,
                session,
                contents);
        byte[] signed = signer.sign(state);
        // A change of the session alone must not make the node's previous workload forgotten.
        boolean same = workload.equals(told.workload());
        String previous = same ? told.previousWorkload() : Documents.WORKLOAD.toJson(told.workload());
        Optional<String> running = same ? told.running() : StillRunning.after(told);
        h.createUpdate("INSERT INTO desired_states"
                        + " (node_id, epoch, serial, workload, previous_workload, running_workload, session, signed,"
                        + " changed_at)"
                        + " VALUES (:node, :epoch, :serial, :workload, :previous, CAST(:running AS TEXT), :session, :signed,"
                        + " :now)"
                        + " ON CONFLICT (node_id) DO UPDATE SET epoch = excluded.epoch, serial = excluded.serial,"
                        + " workload = excluded.workload, previous_workload = excluded.previous_workload,"
                        + " running_workload = excluded.running_workload,"
                        + " session = excluded.session, signed = excluded.signed, changed_at = excluded.changed_at")
                .bind("node", node.nodeId())
                .bind("epoch", position.epoch())
                .bind("serial", position.serial())
                .bind("workload", Documents.WORKLOAD.toJson(workload))
                .bind("previous", previous)
                .bind("running", running)
                .bind("session", SESSION.toJson(session))
                .bind(
                        "signed",
                        contents.isPresent()
                                ? SEALED + config.sealed(signed, node.nodeId())
                                : new String(signed, StandardCharsets.UTF_8))
                .bind("now", time.millis())
                .execute();
        changes.note(h, new FleetChange.Told(node.nodeId(), position));
        storage.afterCommit(() -> published.publish(node.nodeId(), position));
    }

    static Session session(String json) {
        return SESSION.fromJson(json);
    }

    /**
     * A document as it travels.
     *
     * @param position how new it is
     * @param body the signed JSON
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Published(Position position, byte[] body) {}
}
