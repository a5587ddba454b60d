package io.skerry.cloud.node;

import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.cloud.tenancy.Secrets;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.wire.ClaimToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/** The secrets with which new devices enrol; only their SHA-256 is kept. */
public final class ClaimTokens {
    private static final int MOST_USES = 100_000;
    private static final Duration LONGEST = Duration.ofDays(366);

    /** How long a device is told that its token was used or is too old, rather than that there is no such token. */
    static final Duration REMEMBERED = Duration.ofDays(30);

    private final Storage storage;
    private final InstantSource time;
    private final RandomGenerator random;
    private final AuditLog audit;
    private final String authorityFingerprint;

    /** @param authorityFingerprint the SHA-256 of the certificate authority's DER form, 64 hex digits */
    public ClaimTokens(
            Storage storage, InstantSource time, RandomGenerator random, AuditLog audit, String authorityFingerprint) {
        this.storage = storage;
        this.time = time;
        this.random = random;
        this.audit = audit;
        this.authorityFingerprint = authorityFingerprint;
    }

    /**
     * Makes a token; the answer is its text, known at no other moment.
     *
     * @throws io.skerry.spec.ProblemException {@code claim-token.out-of-bounds}, {@code customer.unknown}, {@code
     *     group.unknown}, {@code name.malformed}
     */
    public String create(NewClaim claim, Actor by) {
        claim.nodeName().ifPresent(name -> Names.checked("A node", name));
        if (claim.uses() < 1
                || claim.uses() > MOST_USES
                || claim.valid().compareTo(Duration.ofMinutes(1)) < 0
                || claim.valid().compareTo(LONGEST) > 0) {
            throw new Problem(
                            "claim-token.out-of-bounds",
                            "A claim token can't be good for " + claim.uses() + " uses within "
                                    + claim.valid().toMinutes() + " minutes.",
                            "Ask for 1 to " + MOST_USES + " uses and 1 to " + LONGEST.toMinutes() + " minutes.")
                    .asException();
        }
        var token = new ClaimToken(Secrets.make(random).replace('_', '~'), authorityFingerprint);
        long now = time.millis();
        storage.write(h -> {
            Customers.require(h, claim.customerId());
            claim.groupId().ifPresent(group -> Groups.required(h, claim.customerId(), group));
            forgetOld(h, now - REMEMBERED.toMillis());
            audit.note(h, by, change(claim, Secrets.hash(token.secret()).substring(0, 16)));
            return h.createUpdate("INSERT INTO claim_tokens"
                            + " (secret_hash, customer_id, node_name, group_id, uses_left, expires_at, created_at)"
                            + " VALUES (:hash, :customer, :name, :group, :uses, :expires, :now)")
                    .bind("hash", Secrets.hash(token.secret()))
                    .bind("customer", claim.customerId())
                    .bind("name", claim.nodeName())
                    .bind("group", claim.groupId())
                    .bind("uses", claim.uses())
                    .bind("expires", now + claim.valid().toMillis())
                    .bind("now", now)
                    .execute();
        });
        return token.text();
    }

    /** @param id the beginning of what is kept of the token, by which nobody can enrol */
    private static Change change(NewClaim claim, String id) {
        return new Change(
                Optional.of(claim.customerId()),
                "DM_create_claim_token",
                "claim-token",
                id,
                claim.nodeName().orElse(""),
                Map.of(),
                Map.of(
                        "uses",
                        claim.uses(),
                        "valid_minutes",
                        claim.valid().toMinutes(),
                        "group_id",
                        claim.groupId().orElse("")));
    }

    /** Removes those that nobody can use any more and that were made, or ended, before that time. */
    private static void forgetOld(Handle h, long before) {
        h.createUpdate(
                        "DELETE FROM claim_tokens WHERE expires_at < :before OR (uses_left < 1 AND created_at < :before)")
                .bind("before", before)
                .execute();
    }

    /**
     * Takes one use of a token, within a piece of work.
     *
     * @throws io.skerry.spec.ProblemException {@code claim-token.unknown}, {@code claim-token.used}, {@code
     *     claim-token.expired}
     */
    Claim spend(Handle h, String secret) {
        String hash = Secrets.hash(secret);
        Row row = h.createQuery("SELECT customer_id, node_name, group_id, uses_left, expires_at FROM claim_tokens"
                        + " WHERE secret_hash = :hash")
                .bind("hash", hash)
                .map((rs, c) -> new Row(
                        new Claim(
                                rs.getString("customer_id"),
                                Optional.ofNullable(rs.getString("node_name")),
                                Optional.ofNullable(rs.getString("group_id"))),
                        rs.getInt("uses_left"),
                        rs.getLong("expires_at")))
                .findOne()
                .orElseThrow(() -> new Problem(
                                "claim-token.unknown",
                                "This claim token isn't one of this control plane's.",
                                "Make a new one with 'skerry node claim' at the control plane that the device enrols at.")
                        .asException());
        if (row.usesLeft < 1) {
            throw new Problem(
                            "claim-token.used",
                            "This claim token has been used already.",
                            "Make a new one with 'skerry node claim'; one for several devices is made with --uses.")
                    .asException();
        }
        if (row.expiresAt <= time.millis()) {
            throw new Problem(
                            "claim-token.expired",
                            "This claim token was good until " + Instant.ofEpochMilli(row.expiresAt) + ".",
                            "Make a new one with 'skerry node claim'.")
                    .asException();
        }
        h.execute("UPDATE claim_tokens SET uses_left = uses_left - 1 WHERE secret_hash = ?", hash);
        return row.claim;
    }

    /** What a token grants. */
    record Claim(String customerId, Optional<String> nodeName, Optional<String> groupId) {}

    private record Row(Claim claim, int usesLeft, long expiresAt) {}
}
