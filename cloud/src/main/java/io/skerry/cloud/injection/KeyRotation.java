package io.skerry.cloud.injection;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.instance.Instance;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Wire;
import io.skerry.spec.status.DeviceStatus;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with injected keys by itself: they are rotated when their time has come, and earlier ones revoked once their device has
 * taken up the new one, or their time is over. Each key's turn is one transaction, which finds out anew whether it is due, so that
 * nothing is done twice by whoever does it.
 */
public final class KeyRotation {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRotation.class);

    /** So that not all containers of a fleet are started anew at once. */
    private static final int MOST_AT_ONCE = 100;

    private final Storage storage;
    private final InstantSource time;
    private final DesiredStates desired;
    private final InjectedKeys keys;

    public KeyRotation(Storage storage, InstantSource time, DesiredStates desired, InjectedKeys keys) {
        this.storage = storage;
        this.time = time;
        this.desired = desired;
        this.keys = keys;
    }

    /** Does what is due; called now and then. One that can't be turned keeps no other from it, and is tried again the next time. */
    public void keepUp() {
        revokeEarlier();
        rotateDue();
    }

    private void revokeEarlier() {
        storage.read(h -> InjectedKeyRows.turning(h).stream()
                        .filter(id -> !ended(h, id).isEmpty())
                        .toList())
                .forEach(id -> trying(id, h -> {
                    ended(h, id).forEach(turn -> keys.revoke(h, turn, Actor.CONTROL_PLANE));
                    return true;
                }));
    }

    /** Those earlier ones that needn't be good any more. */
    private List<InjectedKey.Turn> ended(Handle h, String id) {
        List<InjectedKey.Turn> turns = InjectedKeyRows.turns(h, id);
        boolean taken = InjectedKeyRows.find(h, id)
                .filter(key -> takenUp(h, key, turns.getFirst()))
                .isPresent();
        return turns.stream()
                .filter(turn -> turn.goodUntil()
                        .filter(at -> taken || at <= time.millis())
                        .isPresent())
                .toList();
    }

    private static boolean takenUp(Handle h, InjectedKey key, InjectedKey.Turn current) {
        return h.createQuery("SELECT d.workload, n.status FROM instances i JOIN nodes n ON n.node_id = i.node_id"
                        + " JOIN desired_states d ON d.node_id = n.node_id WHERE i.instance_id = :id")
                .bind("id", key.instanceId())
                .map((rs, c) -> TakenUp.by(
                        rs.getString("workload"),
                        Optional.ofNullable(rs.getString("status")).map(KeyRotation::status),
                        key.instanceId(),
                        key.path(),
                        current.digest()))
                .findOne()
                .orElse(false);
    }

    private static DeviceStatus status(String json) {
        return Wire.read(DeviceStatus.JSON, json.getBytes(StandardCharsets.UTF_8), "A node's status");
    }

    private void rotateDue() {
        int rotated = 0;
        for (String id : storage.read(h -> InjectedKeyRows.due(h, time.millis()))) {
            if (rotated == MOST_AT_ONCE) {
                return;
            }
            rotated += trying(id, h -> rotated(h, id)) ? 1 : 0;
        }
    }

    private boolean rotated(Handle h, String id) {
        Optional<InjectedKey> due =
                InjectedKeyRows.isDue(h, id, time.millis()) ? InjectedKeyRows.find(h, id) : Optional.empty();
        Optional<Instance> instance = due.flatMap(key -> Instances.find(h, key.instanceId()));
        // What its device can't have isn't told, so that a new key wouldn't come there.
        boolean told = instance.filter(
                        i -> desired.targets(h, Set.of(i.nodeId())).get(i.instanceId()) instanceof Target.Runs)
                .isPresent();
        if (told) {
            InjectedKey key = due.orElseThrow();
            keys.turn(
                    h,
                    "injected-key.rotated",
                    instance.orElseThrow(),
                    key,
                    time.millis() + key.rotation().overlap().toMillis(),
                    Caller.everything(Actor.CONTROL_PLANE));
        }
        return told;
    }

    /** Whether something was done. */
    private boolean trying(String id, Predicate<Handle> work) {
        try {
            return storage.write(work::test);
        } catch (RuntimeException e) {
            LOG.error("The injected key {} couldn't be turned; it is tried again in some seconds.", id, e);
            return false;
        }
    }
}
