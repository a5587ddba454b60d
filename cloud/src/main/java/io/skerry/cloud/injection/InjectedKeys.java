package io.skerry.cloud.injection;

import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.config.NewFile;
import io.skerry.cloud.instance.Instance;
import io.skerry.cloud.instance.InstanceConfigs;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.KeyGrant;
import io.skerry.cloud.tenancy.NewApiKey;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The API keys of instances: made here, sealed, and told to nobody but the device, as a secret configuration file. A rotation is a
 * change of that file, so a revision of the one device in which the one container is started anew; what was in the file before stays
 * good until the device has committed that, or its time is over.
 *
 * <p>What the caller may not see is answered as if it weren't there.
 */
public final class InjectedKeys {
    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final InstanceConfigs configs;
    private final ConfigRows files;
    private final ApiKeys keys;
    private final AuditLog audit;

    /** @param files where what configuration files say is kept */
    public InjectedKeys(
            Storage storage,
            Ids ids,
            InstantSource time,
            InstanceConfigs configs,
            ConfigRows files,
            ApiKeys keys,
            AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.configs = configs;
        this.files = files;
        this.keys = keys;
        this.audit = audit;
    }

    /**
     * An instance's keys, by their paths.
     *
     * @throws io.skerry.spec.ProblemException {@code instance.unknown}
     */
    public List<InjectedKey.View> list(String instanceId, Caller caller) {
        return storage.read(h -> {
            Instances.seen(h, instanceId, caller);
            return InjectedKeyRows.of(h, instanceId).stream()
                    .map(key -> new InjectedKey.View(key, InjectedKeyRows.turns(h, key.injectedKeyId())))
                    .toList();
        });
    }

    /**
     * Makes a key and lays it into an instance's container.
     *
     * @return its id
     * @throws io.skerry.spec.ProblemException {@code instance.unknown}, {@code authorization.role} for one that only an admin may have
     *     made, {@code api-key.out-of-bounds} when it would be good for more, or longer, than the caller's, {@code
     *     injected-key.out-of-bounds}, {@code config.exists} and those of {@link InstanceConfigs#set}
     */
    public String add(String instanceId, NewInjection wanted, Caller caller) {
        Refusals.check(wanted.rotation());
        Refusals.refuseHigher(wanted.role(), wanted.wholeCustomer(), caller);
        return storage.write(h -> {
            Instance instance = Instances.seen(h, instanceId, caller);
            Refusals.refuseWider(wanted, caller);
            Refusals.refuseTaken(h, instanceId, wanted.path());
            var key = new InjectedKey(
                    ids.next(),
                    instance.customerId(),
                    instanceId,
                    wanted.path(),
                    wanted.mode(),
                    wanted.role(),
                    wanted.wholeCustomer() ? Optional.empty() : Optional.of(instance.nodeId()),
                    wanted.rotation(),
                    time.millis(),
                    time.millis());
            InjectedKeyRows.insert(h, key);
            note(h, "DM_inject_api_key", instance, key, Map.of(), told(key), caller.actor());
            turn(h, "DM_inject_api_key", instance, key, time.millis(), caller);
            return key.injectedKeyId();
        });
    }

    /**
     * Says how a key is rotated from now on; what is good already stays so for as long as was said.
     *
     * @throws io.skerry.spec.ProblemException {@code injected-key.unknown}, {@code injected-key.out-of-bounds}
     */
    public void change(String injectedKeyId, InjectedKey.Rotation rotation, Caller caller) {
        Refusals.check(rotation);
        storage.write(h -> {
            InjectedKey before = required(h, injectedKeyId, caller);
            Refusals.refuseHigher(before, caller);
            InjectedKeyRows.update(h, injectedKeyId, rotation);
            InjectedKey after = required(h, injectedKeyId, caller);
            note(
                    h,
                    "DM_update_injected_api_key",
                    Instances.seen(h, before.instanceId(), caller),
                    before,
                    told(before),
                    told(after),
                    caller.actor());
            return after;
        });
    }

    /** The key of this id, if the caller may see it. */
    public Optional<InjectedKey> find(String injectedKeyId, Caller caller) {
        return storage.read(h -> find(h, injectedKeyId, caller));
    }

    /**
     * Puts another key in its place, at once.
     *
     * @param overlap the longest that what was good before stays so; empty: as was said of the key. None: it is revoked now
     * @throws io.skerry.spec.ProblemException {@code injected-key.unknown}, {@code injected-key.out-of-bounds}, {@code
     *     injected-key.disabled}, {@code injected-key.too-many}
     */
    public void rotate(
            String injectedKeyId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Duration> overlap,
            Caller caller) {
        overlap.ifPresent(o -> Refusals.check(new InjectedKey.Rotation(Optional.empty(), o)));
        storage.write(h -> {
            InjectedKey key = required(h, injectedKeyId, caller);
            Instance instance = Instances.seen(h, key.instanceId(), caller);
            Refusals.refuseHigher(key, caller);
            Refusals.refuseDisabled(instance);
            Duration longest = overlap.orElse(key.rotation().overlap());
            Refusals.refuseTooMany(h, key, longest);
            // Nobody is told it, so it may outlast the key of whoever asked for it.
            turn(h, "DM_rotate_injected_api_key", instance, key, time.millis() + longest.toMillis(), own(caller));
            revokeEnded(h, key, caller.actor());
            return key;
        });
    }

    private static Caller own(Caller caller) {
        return Caller.everything(caller.actor());
    }

    /** @param until when those before it are revoked at the latest */
    void turn(Handle h, String operation, Instance instance, InjectedKey key, long until, Caller by) {
        configs.change(h, instance, operation, by.actor(), () -> {
            NewApiKey made = keys.makeFor(
                    h,
                    key.instanceId(),
                    new KeyGrant(
                            Optional.of(key.customerId()),
                            Text.shortened(
                                    instance.serviceName() + " on " + instance.nodeName() + " " + key.path(), 200),
                            key.role(),
                            key.nodeId(),
                            Optional.empty()),
                    by);
            var file = new NewFile(key.path(), key.mode(), made.secret().getBytes(StandardCharsets.US_ASCII), true);
            files.put(h, key.instanceId(), file, time.millis());
            InjectedKeyRows.turn(
                    h,
                    key.injectedKeyId(),
                    new InjectedKey.Turn(
                            made.apiKeyId(), file.file().digest().value(), time.millis(), Optional.empty()),
                    until);
        });
    }

    /** Revokes the earlier ones whose time is over. */
    void revokeEnded(Handle h, InjectedKey key, Actor by) {
        InjectedKeyRows.turns(h, key.injectedKeyId()).stream()
                .filter(turn ->
                        turn.goodUntil().filter(at -> at <= time.millis()).isPresent())
                .forEach(turn -> revoke(h, turn, by));
    }

    /** Revokes an API key and forgets that it was the injected one's. */
    void revoke(Handle h, InjectedKey.Turn turn, Actor by) {
        InjectedKeyRows.forget(h, turn.apiKeyId());
        keys.revoke(h, turn.apiKeyId(), by);
    }

    /**
     * Takes a key out of its container and revokes it at once.
     *
     * @throws io.skerry.spec.ProblemException {@code injected-key.unknown}
     */
    public void remove(String injectedKeyId, Caller caller) {
        storage.write(h -> {
            InjectedKey key = required(h, injectedKeyId, caller);
            Instance instance = Instances.seen(h, key.instanceId(), caller);
            InjectedKeyRows.turns(h, injectedKeyId).forEach(turn -> revoke(h, turn, caller.actor()));
            InjectedKeyRows.delete(h, injectedKeyId);
            note(h, "DM_remove_injected_api_key", instance, key, told(key), Map.of(), caller.actor());
            configs.change(
                    h,
                    instance,
                    "DM_remove_injected_api_key",
                    caller.actor(),
                    () -> ConfigRows.remove(h, key.instanceId(), List.of(key.path())));
            return key;
        });
    }

    private static InjectedKey required(Handle h, String injectedKeyId, Caller caller) {
        return find(h, injectedKeyId, caller)
                .orElseThrow(() -> unknown(injectedKeyId).asException());
    }

    private static Optional<InjectedKey> find(Handle h, String injectedKeyId, Caller caller) {
        return InjectedKeyRows.find(h, injectedKeyId)
                .filter(key -> Instances.find(h, key.instanceId())
                        .filter(i -> caller.sees(i.customerId(), i.nodeId()))
                        .isPresent());
    }

    /** What is said of one that isn't there, or is another customer's. */
    public static Problem unknown(String injectedKeyId) {
        return new Problem(
                "injected-key.unknown",
                "There is no injected API key '" + Text.shortened(injectedKeyId, 60) + "'.",
                "Look the ids up with DM_get_injected_api_keys or 'skerry instance key ls'.");
    }

    private void note(
            Handle h,
            String operation,
            Instance instance,
            InjectedKey key,
            Map<String, Object> before,
            Map<String, Object> after,
            Actor by) {
        audit.note(
                h,
                by,
                new Change(
                        Optional.of(key.customerId()),
                        operation,
                        "injected-api-key",
                        key.injectedKeyId(),
                        key.path() + " of " + instance.serviceName() + " on " + instance.nodeName(),
                        before,
                        after));
    }

    private static Map<String, Object> told(InjectedKey key) {
        Map<String, Object> told = new TreeMap<>(Map.of(
                "node_service_instance_id",
                key.instanceId(),
                "path",
                key.path(),
                "role",
                key.role().word(),
                "whole_customer",
                key.nodeId().isEmpty(),
                "overlap_minutes",
                key.rotation().overlap().toMinutes()));
        key.rotation().every().ifPresent(every -> told.put("rotate_minutes", every.toMinutes()));
        return told;
    }
}
