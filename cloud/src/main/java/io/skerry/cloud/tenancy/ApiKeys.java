package io.skerry.cloud.tenancy;

import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.FleetChange;
import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * API keys, {@code skk_} and 43 characters of base64url. Only their SHA-256 is kept.
 */
public final class ApiKeys {
    private static final Pattern FORM = Pattern.compile("skk_[A-Za-z0-9_-]{43}");

    /** What has ended, by its time or because it was revoked, is forgotten then; the audit log knows it for longer. */
    static final Duration KEPT = Duration.ofDays(30);

    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final RandomGenerator random;
    private final AuditLog audit;
    private final ChangeLog changes;
    private final Consumer<String> onRevoked;
    private final KnownKeys known;

    /**
     * @param changes told of each key that is made or revoked here
     * @param onRevoked told the id of each revoked key, once it is refused
     */
    public ApiKeys(
            Storage storage,
            Ids ids,
            InstantSource time,
            RandomGenerator random,
            AuditLog audit,
            ChangeLog changes,
            Consumer<String> onRevoked) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.random = random;
        this.audit = audit;
        this.changes = changes;
        this.onRevoked = onRevoked;
        this.known = new KnownKeys(time);
        valid().forEach(known::know);
    }

    /** By the hashes of their secrets. */
    private Map<String, ApiKey> valid() {
        return storage.read(h -> h
                .createQuery("SELECT * FROM api_keys WHERE revoked_at IS NULL")
                .map((rs, c) -> Map.entry(rs.getString("secret_hash"), key(rs)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Another process made or revoked this key. */
    public void reload(String apiKeyId) {
        Optional<Map.Entry<String, ApiKey>> stands = valid(apiKeyId);
        stands.ifPresentOrElse(e -> known.know(e.getKey(), e.getValue()), () -> forget(apiKeyId));
        // It may have been revoked here between the look and its consequence.
        if (stands.isPresent() && valid(apiKeyId).isEmpty()) {
            forget(apiKeyId);
        }
    }

    private Optional<Map.Entry<String, ApiKey>> valid(String apiKeyId) {
        return storage.read(h -> h.createQuery("SELECT * FROM api_keys WHERE api_key_id = :id AND revoked_at IS NULL")
                .bind("id", apiKeyId)
                .map((rs, c) -> Map.entry(rs.getString("secret_hash"), key(rs)))
                .findOne());
    }

    /** Other processes may have made and revoked any keys. */
    public void reload() {
        valid().forEach(known::know);
        // Looked at once more, as one may have been revoked here between the look and its consequence.
        Set<String> ids = valid().values().stream().map(ApiKey::apiKeyId).collect(Collectors.toSet());
        known.ids().stream().filter(id -> !ids.contains(id)).forEach(this::reload);
    }

    private void forget(String apiKeyId) {
        if (known.forget(apiKeyId)) {
            onRevoked.accept(apiKeyId);
        }
    }

    /** Whether whoever began something may still go on with it: its key was neither revoked nor has it expired. */
    public boolean isGood(Actor actor) {
        return !actor.isKey() || known.isGood(actor.id());
    }

    /**
     * A new key of the whole installation, if there has never been any key.
     *
     * @param beforeKept told the key before it is kept: when it throws, or the program ends within it, the next start makes
     *     another one, so that no key is kept that nobody knows
     */
    public Optional<NewApiKey> createFirst(String name, Consumer<NewApiKey> beforeKept) {
        // The work may be repeated, and must be about the key that was told.
        NewApiKey key = fresh();
        var told = new AtomicBoolean();
        return storage.write(h -> {
            if (h.createQuery("SELECT count(*) FROM api_keys")
                            .mapTo(Integer.class)
                            .one()
                    > 0) {
                return Optional.empty();
            }
            keep(h, key, KeyGrant.everything(name), Optional.empty(), Caller.everything(Actor.CONTROL_PLANE));
            if (told.compareAndSet(false, true)) {
                beforeKept.accept(key);
            }
            return Optional.of(key);
        });
    }

    /**
     * A new key.
     *
     * @throws io.skerry.spec.ProblemException {@code customer.unknown}, {@code node.unknown}, {@code api-key.name-malformed},
     *     {@code api-key.out-of-bounds}, {@code api-key.contradiction}
     */
    public NewApiKey create(KeyGrant grant, Caller by) {
        return storage.write(h -> keep(h, fresh(), grant, Optional.empty(), by));
    }

    /**
     * A new key for an instance, within a piece of work; it goes with the instance.
     *
     * @throws io.skerry.spec.ProblemException as {@link #create}
     */
    public NewApiKey makeFor(Handle h, String instanceId, KeyGrant grant, Caller by) {
        return keep(h, fresh(), grant, Optional.of(instanceId), by);
    }

    /**
     * A new key for a person who logged in, within a piece of work; the audit log says that the person did it.
     *
     * @param grant with its login
     */
    public NewApiKey makeLogin(Handle h, KeyGrant grant) {
        NewApiKey made = fresh();
        return keep(h, made, grant, Optional.empty(), Caller.everything(Actor.login(made.apiKeyId(), grant.name())));
    }

    private NewApiKey fresh() {
        return new NewApiKey(ids.next(), "skk_" + Secrets.make(random));
    }

    private NewApiKey keep(
            Handle h,
            NewApiKey made,
            KeyGrant grant,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> instanceId,
            Caller by) {
        long now = time.millis();
        GrantRules.check(h, grant, by, now);
        String hash = Secrets.hash(made.secret());
        var key = new ApiKey(
                made.apiKeyId(),
                grant.customerId(),
                grant.name(),
                grant.role(),
                grant.nodeId(),
                instanceId,
                grant.login(),
                now,
                grant.valid().map(v -> now + v.toMillis()),
                Optional.empty());
        h.createUpdate("INSERT INTO api_keys"
                        + " (api_key_id, customer_id, name, role, node_id, instance_id, login_rule_id, login_subject,"
                        + " secret_hash, created_at, expires_at) VALUES (:id, :customer, :name, :role, :node, :instance,"
                        + " :rule, :subject, :hash, :now, :expires)")
                .bind("id", key.apiKeyId())
                .bind("customer", key.customerId())
                .bind("name", key.name())
                .bind("role", key.role().word())
                .bind("node", key.nodeId())
                .bind("instance", key.instanceId())
                .bind("rule", key.login().map(KeyLogin::ruleId))
                .bind("subject", key.login().map(KeyLogin::subject))
                .bind("hash", hash)
                .bind("now", now)
                .bind("expires", key.expiresAt())
                .execute();
        String operation = key.login().isPresent() ? "login" : "Authz_create_api_key";
        audit.note(h, by.actor(), change(operation, key, Map.of(), told(key)));
        changes.note(h, new FleetChange.KeyChanged(key.apiKeyId()));
        storage.afterCommit(() -> known.know(hash, key));
        return made;
    }

    private static Change change(String operation, ApiKey key, Map<String, Object> before, Map<String, Object> after) {
        return new Change(key.customerId(), operation, "api-key", key.apiKeyId(), key.name(), before, after);
    }

    private static Map<String, Object> told(ApiKey key) {
        Map<String, Object> told = new TreeMap<>(Map.of("role", key.role().word()));
        key.nodeId().ifPresent(node -> told.put("node_id", node));
        key.instanceId().ifPresent(instance -> told.put("node_service_instance_id", instance));
        key.login().ifPresent(login -> {
            told.put("login_rule_id", login.ruleId());
            told.put("login_subject", login.subject());
        });
        key.expiresAt().ifPresent(at -> told.put("expires_at", at));
        return told;
    }

    /** Whose key an {@code authorization} header carries: {@code apikey <key>} or {@code Bearer <key>}. */
    public Optional<Caller> authenticate(String authorization) {
        return secretIn(authorization).flatMap(this::callerOf);
    }

    /** The key that such a header carries, as it is there; whether it is good is another matter. */
    public static Optional<String> secretIn(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        String scheme = authorization.substring(0, space).toLowerCase(Locale.ROOT);
        return scheme.equals("apikey") || scheme.equals("bearer")
                ? Optional.of(authorization.substring(space + 1).strip())
                : Optional.empty();
    }

    /** Whose key this is, for doors that carry it otherwise (an OCI client's password). */
    public Optional<Caller> callerOf(String secret) {
        return FORM.matcher(secret).matches() ? known.ofHash(Secrets.hash(secret)) : Optional.empty();
    }

    /**
     * A customer's keys, or those of the whole installation, revoked ones too, oldest first.
     *
     * @param customerId empty: those of the whole installation
     * @param cursor that of the page before, or empty
     */
    public Page<ApiKey> list(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customerId,
            int take,
            String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM api_keys WHERE "
                                + (customerId.isPresent() ? "customer_id = :customer" : "customer_id IS NULL")
                                + " AND api_key_id > :cursor ORDER BY api_key_id LIMIT :most")
                        .bindMap(customerId.map(c -> Map.of("customer", c)).orElseGet(Map::of))
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> key(rs))
                        .list(),
                take,
                ApiKey::apiKeyId));
    }

    public Optional<ApiKey> find(String apiKeyId) {
        return storage.read(h -> find(h, apiKeyId));
    }

    private static Optional<ApiKey> find(Handle h, String apiKeyId) {
        return h.createQuery("SELECT * FROM api_keys WHERE api_key_id = :id")
                .bind("id", apiKeyId)
                .map((rs, c) -> key(rs))
                .findOne();
    }

    /**
     * The key stops working at once; a revoked one stays so.
     *
     * @throws io.skerry.spec.ProblemException {@code api-key.unknown}, {@code api-key.last} for the last lasting key that may
     *     do everything, without which nobody could make another one
     */
    public void revoke(String apiKeyId, Actor by) {
        storage.write(h -> {
            if (lasting(h).equals(List.of(apiKeyId))) {
                throw new Problem(
                                "api-key.last",
                                "The API key '" + apiKeyId + "' is the last admin key of the whole installation that"
                                        + " doesn't expire.",
                                "Make another one first, with Authz_create_api_key without customer_id.")
                        .asException();
            }
            ApiKey key = find(h, apiKeyId).orElseThrow(() -> unknown(apiKeyId).asException());
            if (key.revokedAt().isEmpty()) {
                revoke(h, key, by);
            }
            return key;
        });
    }

    /** Revokes the keys that were good for a device alone, and those of its instances, within the work that removes it. */
    public void revokeOf(Handle h, String nodeId, Actor by) {
        h.createQuery("SELECT * FROM api_keys WHERE revoked_at IS NULL AND (node_id = :node OR instance_id IN"
                        + " (SELECT instance_id FROM instances WHERE node_id = :node))")
                .bind("node", nodeId)
                .map((rs, c) -> key(rs))
                .list()
                .forEach(key -> revoke(h, key, by));
    }

    /** Revokes the keys of these instances, within the work that removes them. */
    public void revokeOfInstances(Handle h, Collection<String> instanceIds, Actor by) {
        h.createQuery("SELECT * FROM api_keys WHERE revoked_at IS NULL AND instance_id IN (<instances>)")
                .bindList("instances", List.copyOf(instanceIds))
                .map((rs, c) -> key(rs))
                .list()
                .forEach(key -> revoke(h, key, by));
    }

    /** Ends the logins that this rule let in, within the work that removes it. */
    public void revokeOfRule(Handle h, String loginRuleId, Actor by) {
        h.createQuery("SELECT * FROM api_keys WHERE login_rule_id = :rule AND revoked_at IS NULL")
                .bind("rule", loginRuleId)
                .map((rs, c) -> key(rs))
                .list()
                .forEach(key -> revoke(h, key, by));
    }

    /** Ends a person's logins, within a piece of work, but for so many of the newest. */
    public void revokeOfPerson(Handle h, String subject, int spared, Actor by) {
        h
                .createQuery("SELECT * FROM api_keys WHERE login_subject = :subject AND revoked_at IS NULL"
                        + " AND expires_at > :now ORDER BY api_key_id DESC")
                .bind("subject", subject)
                .bind("now", time.millis())
                .map((rs, c) -> key(rs))
                .stream()
                .skip(spared)
                .toList()
                .forEach(key -> revoke(h, key, by));
    }

    /** Forgets some of the keys that ended long ago; called now and then. */
    public void forgetOld() {
        storage.write(h -> {
            List<String> ended = h.createQuery("SELECT api_key_id FROM api_keys"
                            + " WHERE (expires_at < :before OR revoked_at < :before)"
                            + " AND api_key_id NOT IN (SELECT api_key_id FROM injected_key_turns)"
                            + " ORDER BY api_key_id LIMIT :most")
                    .bind("before", time.millis() - KEPT.toMillis())
                    .bind("most", FORGOTTEN_AT_ONCE)
                    .mapTo(String.class)
                    .list();
            for (String id : ended) {
                h.execute("DELETE FROM api_keys WHERE api_key_id = ?", id);
                changes.note(h, new FleetChange.KeyChanged(id));
                storage.afterCommit(() -> forget(id));
            }
            return ended.size();
        });
    }

    /** Revokes a key of an instance, within a piece of work; one that is revoked already stays so. */
    public void revoke(Handle h, String apiKeyId, Actor by) {
        find(h, apiKeyId).filter(key -> key.revokedAt().isEmpty()).ifPresent(key -> revoke(h, key, by));
    }

    private void revoke(Handle h, ApiKey key, Actor by) {
        long now = time.millis();
        h.execute("UPDATE api_keys SET revoked_at = ? WHERE api_key_id = ?", now, key.apiKeyId());
        audit.note(h, by, change("Authz_revoke_api_key", key, told(key), Map.of("revoked_at", now)));
        changes.note(h, new FleetChange.KeyChanged(key.apiKeyId()));
        storage.afterCommit(() -> forget(key.apiKeyId()));
    }

    private static List<String> lasting(Handle h) {
        return h.createQuery("SELECT api_key_id FROM api_keys WHERE customer_id IS NULL AND revoked_at IS NULL"
                        + " AND role = 'admin' AND expires_at IS NULL")
                .mapTo(String.class)
                .list();
    }

    /** What is said of a key that isn't there, or is another customer's. */
    public static Problem unknown(String apiKeyId) {
        return new Problem(
                "api-key.unknown",
                "There is no API key '" + Text.shortened(apiKeyId, 60) + "'.",
                "Look the ids up with Authz_get_api_keys.");
    }

    private static ApiKey key(ResultSet rs) throws SQLException {
        @Nullable String subject = rs.getString("login_subject");
        return new ApiKey(
                rs.getString("api_key_id"),
                Optional.ofNullable(rs.getString("customer_id")),
                rs.getString("name"),
                Role.of(rs.getString("role")),
                Optional.ofNullable(rs.getString("node_id")),
                Optional.ofNullable(rs.getString("instance_id")),
                Optional.ofNullable(rs.getString("login_rule_id"))
                        .map(rule -> new KeyLogin(rule, Objects.requireNonNullElse(subject, ""))),
                rs.getLong("created_at"),
                Columns.number(rs, "expires_at"),
                Columns.number(rs, "revoked_at"));
    }
}
