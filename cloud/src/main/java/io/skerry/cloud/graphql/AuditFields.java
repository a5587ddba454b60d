package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.tenancy.AuditEntry;
import io.skerry.cloud.tenancy.AuditFilter;
import io.skerry.cloud.tenancy.AuditLog;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The audit log. */
final class AuditFields implements Fields {
    private final AuditLog audit;

    AuditFields(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type("Query", query -> query.dataFetcher("Authz_get_audit_log", e -> list(new Arguments(e))));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Optional<String> customer = arguments.optionalText("customer_id").map(arguments::seen);
        if (customer.isEmpty()) {
            arguments.ofInstallation("reading the installation's audit log");
        }
        Page<AuditEntry> page = audit.list(
                new AuditFilter(
                        customer,
                        arguments.optionalText("subject_id"),
                        arguments.optionalText("actor_id"),
                        arguments.large("after_or_at"),
                        arguments.large("before")),
                arguments.take(),
                arguments.idCursor());
        return new Shape()
                .with("entries", page.items().stream().map(AuditFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(AuditEntry entry) {
        return new Shape()
                .with("audit_id", entry.auditId())
                .with("at", entry.at())
                .with("customer_id", entry.customerId())
                .with("actor_kind", entry.actor().kind())
                .with("actor_id", entry.actor().id())
                .with("actor_name", entry.actor().name())
                .with("operation", entry.operation())
                .with("subject_kind", entry.kind())
                .with("subject_id", entry.id())
                .with("subject_name", entry.name())
                .with("before", entry.before())
                .with("after", entry.after())
                .fields();
    }
}
