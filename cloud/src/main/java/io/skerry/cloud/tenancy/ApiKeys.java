package io.skerry.cloud.tenancy;

import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * API keys, {@code skk_} and 43 characters of base64url. Only their SHA-256 is kept.
 *
 * <p>All valid keys' hashes stand in memory, so a call is authenticated without the database, also one with a wrong key.
 */
public final class ApiKeys {
    private static final Pattern FORM = Pattern.compile("skk_[A-Za-z0-9_-]{43}");
    private static final int LONGEST_NAME = 200;

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final RandomGenerator random;
    private final Consumer<String> onRevoked;
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();

    /** @param onRevoked told the id of each revoked key, once it is refused */
    public ApiKeys(Storage storage, Ids ids, InstantSource time, RandomGenerator random, Consumer<String> onRevoked) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.random = random;
        this.onRevoked = onRevoked;
        storage.read(h -> h.createQuery(
                                "SELECT api_key_id, customer_id, secret_hash FROM api_keys WHERE revoked_at IS NULL")
                        .map((rs, c) -> Map.entry(
                                rs.getString("secret_hash"),
                                new Caller(
                                        rs.getString("api_key_id"), Optional.ofNullable(rs.getString("customer_id")))))
                        .list())
                .forEach(e -> callers.put(e.getKey(), e.getValue()));
    }

    /** A new key of the whole installation. */
    public NewApiKey createForInstallation(String name) {
        return storage.write(h -> create(h, Optional.empty(), name));
    }

    /**
     * A new key of the whole installation, if there has never been any key.
     *
     * @param beforeKept told the key before it is kept: when it throws, or the program ends within it, the next start makes
     *     another one, so that no key is kept that nobody knows
     */
    public Optional<NewApiKey> createFirst(String name, Consumer<NewApiKey> beforeKept) {
        return storage.write(h -> {
            if (h.createQuery("SELECT count(*) FROM api_keys")
                            .mapTo(Integer.class)
                            .one()
                    > 0) {
                return Optional.empty();
            }
            NewApiKey key = create(h, Optional.empty(), name);
            beforeKept.accept(key);
            return Optional.of(key);
        });
    }

    /**
     * A new key of one customer.
     *
     * @throws io.skerry.spec.ProblemException {@code customer.unknown}, {@code api-key.name-malformed}
     */
    public NewApiKey createFor(String customerId, String name) {
        return storage.write(h -> {
            Customers.require(h, customerId);
            return create(h, Optional.of(customerId), name);
        });
    }

    private NewApiKey create(
            Handle h, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer, String name) {
        if (name.isBlank()
                || name.length() > LONGEST_NAME
                || !Text.shortened(name, LONGEST_NAME).equals(name)) {
            throw new Problem(
                            "api-key.name-malformed",
                            "An API key can't be named '" + Text.shortened(name, 60) + "'.",
                            "Give it 1 to " + LONGEST_NAME + " printable characters that say who uses it.")
                    .asException();
        }
        String id = ids.next();
        String secret = "skk_" + Secrets.make(random);
        String hash = Secrets.hash(secret);
        h.createUpdate("INSERT INTO api_keys (api_key_id, customer_id, name, secret_hash, created_at)"
                        + " VALUES (:id, :customer, :name, :hash, :now)")
                .bind("id", id)
                .bind("customer", customer)
                .bind("name", name)
                .bind("hash", hash)
                .bind("now", time.millis())
                .execute();
        storage.afterCommit(() -> callers.put(hash, new Caller(id, customer)));
        return new NewApiKey(id, secret);
    }

    /** Whose key an {@code authorization} header carries: {@code apikey <key>} or {@code Bearer <key>}. */
    public Optional<Caller> authenticate(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        String scheme = authorization.substring(0, space).toLowerCase(Locale.ROOT);
        return scheme.equals("apikey") || scheme.equals("bearer")
                ? callerOf(authorization.substring(space + 1).strip())
                : Optional.empty();
    }

    /** Whose key this is, for doors that carry it otherwise (an OCI client's password). */
    public Optional<Caller> callerOf(String secret) {
        return FORM.matcher(secret).matches()
                ? Optional.ofNullable(callers.get(Secrets.hash(secret)))
                : Optional.empty();
    }

    /** A customer's keys, revoked ones too, oldest first. */
    public List<ApiKey> list(String customerId) {
        return storage.read(h -> h.createQuery("SELECT * FROM api_keys WHERE customer_id = :id ORDER BY api_key_id")
                .bind("id", customerId)
                .map((rs, c) -> key(rs))
                .list());
    }

    /** The keys of the whole installation, revoked ones too, oldest first. */
    public List<ApiKey> listOfInstallation() {
        return storage.read(h -> h.createQuery("SELECT * FROM api_keys WHERE customer_id IS NULL ORDER BY api_key_id")
                .map((rs, c) -> key(rs))
                .list());
    }

    public Optional<ApiKey> find(String apiKeyId) {
        return storage.read(h -> h.createQuery("SELECT * FROM api_keys WHERE api_key_id = :id")
                .bind("id", apiKeyId)
                .map((rs, c) -> key(rs))
                .findOne());
    }

    /**
     * The key stops working at once; a revoked one stays so.
     *
     * @throws io.skerry.spec.ProblemException {@code api-key.unknown}, {@code api-key.last} for the last key of the whole
     *     installation, without which nobody could make another one
     */
    public void revoke(String apiKeyId) {
        storage.write(h -> {
            if (installationsKeys(h).equals(List.of(apiKeyId))) {
                throw new Problem(
                                "api-key.last",
                                "The API key '" + apiKeyId + "' is the last one of the whole installation.",
                                "Make another one first, with Authz_create_api_key without customer_id.")
                        .asException();
            }
            int changed = h.createUpdate(
                            "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, :now) WHERE api_key_id = :id")
                    .bind("now", time.millis())
                    .bind("id", apiKeyId)
                    .execute();
            if (changed == 0) {
                throw unknown(apiKeyId).asException();
            }
            storage.afterCommit(() -> {
                callers.values().removeIf(c -> c.apiKeyId().equals(apiKeyId));
                onRevoked.accept(apiKeyId);
            });
            return changed;
        });
    }

    private static List<String> installationsKeys(Handle h) {
        return h.createQuery("SELECT api_key_id FROM api_keys WHERE customer_id IS NULL AND revoked_at IS NULL")
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
        long revoked = rs.getLong("revoked_at");
        boolean valid = rs.wasNull();
        return new ApiKey(
                rs.getString("api_key_id"),
                Optional.ofNullable(rs.getString("customer_id")),
                rs.getString("name"),
                rs.getLong("created_at"),
                valid ? Optional.empty() : Optional.of(revoked));
    }
}
