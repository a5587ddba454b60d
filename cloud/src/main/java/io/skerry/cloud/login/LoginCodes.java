package io.skerry.cloud.login;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Secrets;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.Messages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What came of logins that programs began, until these fetch it: by a code that is good for a minute and once, and only with the secret
 * of the program that began it. A wrong try ends the code. No key lies here: it is made when it is fetched.
 */
final class LoginCodes {
    static final Duration LIFE = Duration.ofSeconds(60);
    /** At once; what didn't work may take a part of it only, as it costs whoever has it made nothing. */
    static final int MOST = 10_000;

    static final int MOST_FAILURES = 1_000;

    private static final JsonType<Person> PERSON = JsonMappers.mapper().build().type(Person.class);

    private final Storage storage;
    private final InstantSource time;
    private final RandomGenerator random;

    /** How a login ended that a program waits for. */
    sealed interface Outcome {
        /** @param customer whose things are wanted, by name or id */
        record Came(Person person, Optional<String> customer) implements Outcome {}

        record Failed(Problem problem) implements Outcome {}
    }

    LoginCodes(Storage storage, InstantSource time, RandomGenerator random) {
        this.storage = storage;
        this.time = time;
        this.random = random;
    }

    /**
     * Keeps an outcome.
     *
     * @return the code
     * @throws ProblemException {@code login.busy}
     */
    String keep(String challenge, Outcome outcome) {
        String code = Secrets.make(random);
        long now = time.millis();
        return storage.write(h -> {
            h.execute("DELETE FROM login_codes WHERE expires_at <= ?", now);
            boolean failed = outcome instanceof Outcome.Failed;
            int there = h.createQuery("SELECT count(*) FROM login_codes" + (failed ? " WHERE problem IS NOT NULL" : ""))
                    .mapTo(Integer.class)
                    .one();
            if (there >= (failed ? MOST_FAILURES : MOST)) {
                throw busy();
            }
            var insert = h.createUpdate("INSERT INTO login_codes (code_hash, challenge, customer, person, problem,"
                            + " expires_at) VALUES (:hash, :challenge, :customer, :person, :problem, :expires)")
                    .bind("hash", Secrets.hash(code))
                    .bind("challenge", challenge)
                    .bind("expires", now + LIFE.toMillis());
            switch (outcome) {
                case Outcome.Came(Person person, Optional<String> customer) ->
                    insert.bind("customer", customer)
                            .bind("person", PERSON.toJson(person))
                            .bind("problem", Optional.<String>empty());
                case Outcome.Failed(Problem problem) ->
                    insert.bind("customer", Optional.<String>empty())
                            .bind("person", Optional.<String>empty())
                            .bind("problem", Messages.PROBLEM.toJson(problem));
            }
            insert.execute();
            return code;
        });
    }

    static ProblemException busy() {
        return new Problem("login.busy", "Too many people log in at the moment.", "Try again in a minute.")
                .asException();
    }

    /**
     * What is kept under a code, which is gone then, be the verifier right or not.
     *
     * @param verifier the program's secret
     * @throws ProblemException {@code login.code}
     */
    Outcome take(String code, String verifier) {
        String hash = Secrets.hash(code);
        long now = time.millis();
        Optional<Kept> kept = storage.write(h -> {
            Optional<Kept> found = h.createQuery("SELECT * FROM login_codes WHERE code_hash = :hash")
                    .bind("hash", hash)
                    .map((rs, c) -> kept(rs))
                    .findOne();
            h.execute("DELETE FROM login_codes WHERE code_hash = ?", hash);
            return found;
        });
        return kept.filter(k -> now < k.expiresAt())
                .filter(k -> MessageDigest.isEqual(
                        k.challenge().getBytes(StandardCharsets.UTF_8),
                        challenge(verifier).getBytes(StandardCharsets.UTF_8)))
                .map(Kept::outcome)
                .orElseThrow(() -> new Problem(
                                "login.code",
                                "The login's code isn't good: it was used, is older than a minute, or is another program's.",
                                "Log in again.")
                        .asException());
    }

    private record Kept(String challenge, long expiresAt, Outcome outcome) {}

    private static Kept kept(ResultSet rs) throws SQLException {
        Optional<String> problem = Optional.ofNullable(rs.getString("problem"));
        Outcome outcome = problem.isPresent()
                ? new Outcome.Failed(Messages.PROBLEM.fromJson(problem.get()))
                : new Outcome.Came(
                        PERSON.fromJson(rs.getString("person")), Optional.ofNullable(rs.getString("customer")));
        return new Kept(rs.getString("challenge"), rs.getLong("expires_at"), outcome);
    }

    /** As the program made it of its secret (RFC 7636, S256). */
    static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
