package io.skerry.cloud.service;

import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Digest;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;

/**
 * Which blobs customers have shown to have: a version of theirs reaches it, or an import of theirs brought all of it lately. All
 * customers' content lies in one store; whoever only knows a digest must neither get what it names nor learn that it is there.
 */
final class CustomerBlobs {
    private final Storage storage;
    private final InstantSource time;

    CustomerBlobs(Storage storage, InstantSource time) {
        this.storage = storage;
        this.time = time;
    }

    /** Whether this customer needn't bring it again, if it is still there. */
    boolean has(String customerId, Digest blob) {
        return storage.read(h -> h.createQuery("SELECT EXISTS (SELECT 1 FROM brought_blobs"
                        + " WHERE customer_id = :customer AND blob_digest = :blob)"
                        + " OR EXISTS (SELECT 1 FROM manifest_blobs b"
                        + " JOIN service_images i ON i.manifest_digest = b.manifest_digest"
                        + " JOIN services s ON s.service_id = i.service_id"
                        + " WHERE b.blob_digest = :blob AND s.customer_id = :customer)")
                .bind("customer", customerId)
                .bind("blob", blob.value())
                .mapTo(Boolean.class)
                .one());
    }

    /** An import of this customer's has brought all of it, and it is in the store. */
    void brought(String customerId, Digest blob) {
        storage.write(h -> h.createUpdate("INSERT INTO brought_blobs (customer_id, blob_digest, brought_at)"
                        + " VALUES (:customer, :blob, :now)"
                        + " ON CONFLICT (customer_id, blob_digest) DO UPDATE SET brought_at = excluded.brought_at")
                .bind("customer", customerId)
                .bind("blob", blob.value())
                .bind("now", time.millis())
                .execute());
    }

    /** Forgets who brought what before this. */
    static void forget(Handle h, Instant before) {
        h.execute("DELETE FROM brought_blobs WHERE brought_at < ?", before.toEpochMilli());
    }
}
