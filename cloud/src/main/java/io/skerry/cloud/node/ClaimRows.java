package io.skerry.cloud.node;

import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.TimeCursor;
import io.skerry.spec.wire.ClaimToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** How claim tokens are kept: by the hashes of their secrets, of which an id is the beginning. */
final class ClaimRows {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{" + ClaimToken.ID_DIGITS + "}");

    /** The one whose hash begins so; in this way the primary key's index finds it. */
    private static final String OF_ID = " WHERE secret_hash >= :id AND secret_hash < :id || 'g'";

    private ClaimRows() {}

    static void insert(Handle h, String secretHash, ClaimRecord claim) {
        h.createUpdate("INSERT INTO claim_tokens"
                        + " (secret_hash, customer_id, node_name, group_id, uses_left, expires_at, created_at)"
                        + " VALUES (:hash, :customer, :name, :group, :uses, :expires, :now)")
                .bind("hash", secretHash)
                .bind("customer", claim.customerId())
                .bind("name", claim.nodeName())
                .bind("group", claim.groupId())
                .bind("uses", claim.usesLeft())
                .bind("expires", claim.expiresAt())
                .bind("now", claim.createdAt())
                .execute();
    }

    static Optional<ClaimRecord> ofSecret(Handle h, String secretHash) {
        return h.createQuery("SELECT * FROM claim_tokens WHERE secret_hash = :hash")
                .bind("hash", secretHash)
                .map((rs, c) -> claim(rs))
                .findOne();
    }

    /** Whatever is no id names none. */
    static Optional<ClaimRecord> find(Handle h, String claimTokenId) {
        return ID.matcher(claimTokenId).matches()
                ? h.createQuery("SELECT * FROM claim_tokens" + OF_ID)
                        .bind("id", claimTokenId)
                        .map((rs, c) -> claim(rs))
                        .findOne()
                : Optional.empty();
    }

    /** A customer's, newest first. */
    static List<ClaimRecord> list(Handle h, String customerId, TimeCursor after, int most) {
        // A hash is greater than its own beginning, so the one that the cursor names isn't among them.
        return h.createQuery("SELECT * FROM claim_tokens WHERE customer_id = :customer"
                        + " AND (created_at, secret_hash) < (:created, :id)"
                        + " ORDER BY created_at DESC, secret_hash DESC LIMIT :most")
                .bind("customer", customerId)
                .bind("created", after.at())
                .bind("id", after.id())
                .bind("most", most)
                .map((rs, c) -> claim(rs))
                .list();
    }

    static void takeUse(Handle h, String secretHash) {
        h.execute("UPDATE claim_tokens SET uses_left = uses_left - 1 WHERE secret_hash = ?", secretHash);
    }

    static void revoke(Handle h, String claimTokenId, long at) {
        h.createUpdate("UPDATE claim_tokens SET revoked_at = :at" + OF_ID)
                .bind("at", at)
                .bind("id", claimTokenId)
                .execute();
    }

    /** Removes those that nobody can use any more and that were made, or ended, before that time. */
    static void forgetOld(Handle h, long before) {
        h.createUpdate("DELETE FROM claim_tokens WHERE expires_at < :before OR revoked_at < :before"
                        + " OR (uses_left < 1 AND created_at < :before)")
                .bind("before", before)
                .execute();
    }

    private static ClaimRecord claim(ResultSet rs) throws SQLException {
        return new ClaimRecord(
                rs.getString("secret_hash").substring(0, ClaimToken.ID_DIGITS),
                rs.getString("customer_id"),
                Optional.ofNullable(rs.getString("node_name")),
                Optional.ofNullable(rs.getString("group_id")),
                rs.getInt("uses_left"),
                rs.getLong("created_at"),
                rs.getLong("expires_at"),
                Columns.number(rs, "revoked_at"));
    }
}
