package io.skerry.cloud.node;

import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.FleetChange;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.PlaceChanges;
import io.skerry.cloud.tenancy.Secrets;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.status.Capabilities;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** How a new device becomes a node. */
public final class Enrolment {
    private static final int MOST_OF_ONE_NAME = 100_000;
    private static final int LONGEST_NAME = 63;

    private final Storage storage;
    private final InstantSource time;
    private final ClaimTokens claimTokens;
    private final Identities identities;
    private final PlaceChanges places;
    private final AuditLog audit;
    private final Events events;
    private final ChangeLog changes;

    /** @param changes told of each device that becomes a node here */
    public Enrolment(
            Storage storage,
            InstantSource time,
            ClaimTokens claimTokens,
            Identities identities,
            PlaceChanges places,
            AuditLog audit,
            Events events,
            ChangeLog changes) {
        this.storage = storage;
        this.time = time;
        this.claimTokens = claimTokens;
        this.identities = identities;
        this.places = places;
        this.audit = audit;
        this.events = events;
        this.changes = changes;
    }

    /**
     * Spends a claim token on a device and gives it its first desired state, all or nothing. A device that asks again with
     * the same token and key, because it never got the answer, is answered with the node that it already is, also when the
     * token was revoked since.
     *
     * @throws io.skerry.spec.ProblemException {@code claim-token.…}, {@code name.malformed}, {@code node.key-revoked},
     *     {@code node.key-known}
     */
    public Enrolled enrol(NewNode device) {
        String wish = Names.checked("A device", device.name().toLowerCase(Locale.ROOT));
        return storage.write(h -> again(h, device).orElseGet(() -> first(h, device, wish)));
    }

    private Optional<Enrolled> again(Handle h, NewNode device) {
        return h.createQuery("SELECT node_id, customer_id, name FROM nodes"
                        + " WHERE key_fingerprint = :key AND claim_hash = :claim")
                .bind("key", device.keyFingerprint())
                .bind("claim", Secrets.hash(device.claimSecret()))
                .map((rs, c) -> new Enrolled(rs.getString(1), rs.getString(2), rs.getString(3)))
                .findOne();
    }

    private Enrolled first(Handle h, NewNode device, String wish) {
        ClaimRecord claim = claimTokens.spend(h, device.claimSecret());
        refuseKnownKey(h, device.keyFingerprint());
        String name = free(h, claim.customerId(), claim.nodeName().orElse(wish));
        h.createUpdate("INSERT INTO nodes"
                        + " (node_id, customer_id, name, key_fingerprint, claim_hash, capabilities, group_id, created_at)"
                        + " VALUES (:id, :customer, :name, :key, :claim, :capabilities, :group, :now)")
                .bind("id", device.nodeId())
                .bind("customer", claim.customerId())
                .bind("name", name)
                .bind("key", device.keyFingerprint())
                .bind("claim", Secrets.hash(device.claimSecret()))
                .bind("capabilities", Nodes.CAPABILITIES.toJson(device.capabilities()))
                .bind("group", claim.groupId())
                .bind("now", time.millis())
                .execute();
        Actor itself = Actor.device(device.nodeId(), name);
        audit.note(
                h,
                itself,
                new Change(
                        Optional.of(claim.customerId()),
                        "enrol",
                        "node",
                        device.nodeId(),
                        name,
                        Map.of(),
                        Map.of(
                                "name",
                                name,
                                "claim_token_id",
                                claim.claimTokenId(),
                                "group_id",
                                claim.groupId().orElse(""))));
        events.append(
                h,
                new NewEvent(
                        claim.customerId(),
                        EventType.NODE_ENROLLED,
                        Subject.node(device.nodeId()),
                        Map.of("node_name", name)));
        changes.note(h, new FleetChange.Enrolled(device.nodeId(), claim.customerId(), device.keyFingerprint()));
        places.moved(h, List.of(device.nodeId()), itself);
        storage.afterCommit(
                () -> identities.added(device.keyFingerprint(), new NodeIdentity(device.nodeId(), claim.customerId())));
        return new Enrolled(device.nodeId(), claim.customerId(), name);
    }

    private static void refuseKnownKey(Handle h, String fingerprint) {
        if (there(h, "SELECT 1 FROM revoked_keys WHERE key_fingerprint = :key", fingerprint)) {
            throw new Problem(
                            "node.key-revoked",
                            "The device's key belonged to a node that was removed.",
                            "Let the device make a new key: start it with a new data folder.")
                    .asException();
        }
        if (there(h, "SELECT 1 FROM nodes WHERE key_fingerprint = :key", fingerprint)) {
            throw new Problem(
                            "node.key-known",
                            "The device's key belongs to a node already.",
                            "Go on with that one, or let the device make a new key.")
                    .asException();
        }
    }

    private static boolean there(Handle h, String query, String key) {
        return h.createQuery(query)
                .bind("key", key)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** The name itself if no node of the customer has it, else with the first free number after it. */
    private static String free(Handle h, String customerId, String wish) {
        for (int n = 1; n <= MOST_OF_ONE_NAME; n++) {
            String suffix = n == 1 ? "" : "-" + n;
            String name = wish.substring(0, Math.min(wish.length(), LONGEST_NAME - suffix.length())) + suffix;
            if (h.createQuery("SELECT 1 FROM nodes WHERE customer_id = :customer AND name = :name")
                    .bind("customer", customerId)
                    .bind("name", name)
                    .mapTo(Integer.class)
                    .findOne()
                    .isEmpty()) {
                return name;
            }
        }
        throw new Problem(
                        "name.taken",
                        "There are " + MOST_OF_ONE_NAME + " nodes named '" + wish + "' already.",
                        "Give the device another name.")
                .asException();
    }

    /**
     * A device that wants to become a node.
     *
     * @param nodeId the id that it is to have
     * @param claimSecret the secret part of its claim token
     * @param keyFingerprint the SHA-256 of its key's SubjectPublicKeyInfo, 64 hex digits
     * @param name what it calls itself
     * @param capabilities what it can do
     */
    public record NewNode(
            String nodeId, String claimSecret, String keyFingerprint, String name, Capabilities capabilities) {
        @Override
        public String toString() {
            return "NewNode[" + nodeId + " " + name + "]";
        }
    }

    /** A device that is a node now. */
    public record Enrolled(String nodeId, String customerId, String name) {}
}
