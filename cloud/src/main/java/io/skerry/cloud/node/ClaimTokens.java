package io.skerry.cloud.node;

import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TimeCursor;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.cloud.tenancy.Secrets;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
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

    /** How long a device is told that its token was used, revoked or is too old, rather than that there is no such token. */
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
        long now = time.millis();
        return storage.write(h -> {
            Customers.require(h, claim.customerId());
            claim.groupId().ifPresent(group -> Groups.required(h, claim.customerId(), group));
            ClaimRows.forgetOld(h, now - REMEMBERED.toMillis());
            ClaimToken token = fresh(h);
            var kept = new ClaimRecord(
                    token.id(),
                    claim.customerId(),
                    claim.nodeName(),
                    claim.groupId(),
                    claim.uses(),
                    now,
                    now + claim.valid().toMillis(),
                    Optional.empty());
            ClaimRows.insert(h, Secrets.hash(token.secret()), kept);
            audit.note(
                    h,
                    by,
                    change(
                            "DM_create_claim_token",
                            kept,
                            Map.of(),
                            Map.of(
                                    "uses",
                                    claim.uses(),
                                    "valid_minutes",
                                    claim.valid().toMinutes(),
                                    "group_id",
                                    claim.groupId().orElse(""))));
            return token.text();
        });
    }

    /** One whose id no other one has. */
    private ClaimToken fresh(Handle h) {
        ClaimToken token;
        do {
            token = new ClaimToken(Secrets.make(random).replace('_', '~'), authorityFingerprint);
        } while (ClaimRows.find(h, token.id()).isPresent());
        return token;
    }

    private static Change change(
            String operation, ClaimRecord claim, Map<String, Object> before, Map<String, Object> after) {
        return new Change(
                Optional.of(claim.customerId()),
                operation,
                "claim-token",
                claim.claimTokenId(),
                claim.nodeName().orElse(""),
                before,
                after);
    }

    /**
     * A customer's tokens, the newest first, also those that nobody can use any more until they are forgotten.
     *
     * @param cursor that of the page before, or empty
     * @throws io.skerry.spec.ProblemException {@code input.cursor-unknown}
     */
    public Page<ClaimRecord> list(String customerId, int take, String cursor) {
        TimeCursor after = TimeCursor.parse(cursor);
        return storage.read(h -> Page.of(
                ClaimRows.list(h, customerId, after, take + 1),
                take,
                last -> new TimeCursor(last.createdAt(), last.claimTokenId()).text()));
    }

    /** Whether a token is good now. */
    public ClaimState state(ClaimRecord claim) {
        return claim.state(time.millis());
    }

    /**
     * No device enrols with it from now on; those that did stay. One that is revoked already stays so.
     *
     * @throws io.skerry.spec.ProblemException {@code claim-token.unknown}, also when it isn't the caller's to revoke
     */
    public void revoke(String claimTokenId, Caller by) {
        long now = time.millis();
        storage.write(h -> {
            ClaimRecord claim = ClaimRows.find(h, claimTokenId)
                    .filter(c -> by.sees(c.customerId()))
                    .orElseThrow(() -> new Problem(
                                    "claim-token.unknown",
                                    "There is no claim token '" + Text.shortened(claimTokenId, 60) + "'.",
                                    "Look the ids up with DM_get_claim_tokens or 'skerry claim-token ls'.")
                            .asException());
            if (claim.revokedAt().isEmpty()) {
                ClaimRows.revoke(h, claimTokenId, now);
                audit.note(
                        h, by.actor(), change("DM_revoke_claim_token", claim, told(claim), Map.of("revoked_at", now)));
            }
            return claim;
        });
    }

    private static Map<String, Object> told(ClaimRecord claim) {
        return Map.of(
                "uses_left",
                claim.usesLeft(),
                "node_name",
                claim.nodeName().orElse(""),
                "group_id",
                claim.groupId().orElse(""));
    }

    /**
     * Takes one use of a token, within a piece of work; the answer is the token as it was before.
     *
     * @throws io.skerry.spec.ProblemException {@code claim-token.unknown}, {@code claim-token.revoked}, {@code
     *     claim-token.used}, {@code claim-token.expired}
     */
    ClaimRecord spend(Handle h, String secret) {
        String hash = Secrets.hash(secret);
        ClaimRecord claim = ClaimRows.ofSecret(h, hash)
                .orElseThrow(() -> new Problem(
                                "claim-token.unknown",
                                "This claim token isn't one of this control plane's.",
                                "Make a new one with 'skerry node claim' at the control plane that the device enrols at.")
                        .asException());
        refusal(claim).ifPresent(problem -> {
            throw problem.asException();
        });
        ClaimRows.takeUse(h, hash);
        return claim;
    }

    private Optional<Problem> refusal(ClaimRecord claim) {
        return switch (state(claim)) {
            case GOOD -> Optional.empty();
            case REVOKED ->
                Optional.of(new Problem(
                        "claim-token.revoked",
                        "This claim token was revoked.",
                        "If the device is to join, make a new one with 'skerry node claim'."));
            case USED ->
                Optional.of(new Problem(
                        "claim-token.used",
                        "This claim token has been used already.",
                        "Make a new one with 'skerry node claim'; one for several devices is made with --uses."));
            case EXPIRED ->
                Optional.of(new Problem(
                        "claim-token.expired",
                        "This claim token was good until " + Instant.ofEpochMilli(claim.expiresAt()) + ".",
                        "Make a new one with 'skerry node claim'."));
        };
    }
}
