package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.Optional;

/**
 * All that one owner asks of one device (architecture §4, "The document").
 *
 * @param head for whom it is and how new it is
 * @param owner whose part of the device's workload this document is; it never touches another owner's part
 * @param workload what the device is to run; a change of it is a revision
 * @param session what is applied at once and never rolled back
 * @param contents what the workload's configuration files say; empty: none has any
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record DesiredState(Head head, Owner owner, Workload workload, Session session, Optional<Contents> contents) {
    public DesiredState {
        Required.field(head, "head");
        Required.field(owner, "owner");
        Required.field(workload, "workload");
        Required.field(session, "session");
        Required.field(contents, "contents");
    }

    /** The version of this document's form; a device says in its status which ones it reads. */
    public static final int DOCUMENT_VERSION = 1;
}
