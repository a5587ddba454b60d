package io.skerry.cloud.tenancy;

import io.skerry.cloud.storage.ConstraintViolation;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** The customers of an installation. */
public final class Customers {
    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final CustomerKeys keys;
    private final AuditLog audit;

    public Customers(Storage storage, Ids ids, InstantSource time, CustomerKeys keys, AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.keys = keys;
        this.audit = audit;
    }

    /**
     * Makes a customer with its signing keys.
     *
     * @throws io.skerry.spec.ProblemException {@code name.malformed}, {@code customer.exists}
     */
    public Customer create(String name, Actor by) {
        Names.checked("A customer", name);
        var customer = new Customer(ids.next(), name, time.millis());
        // Keys first: a customer in the database without keys couldn't be served, keys without a customer harm nobody.
        keys.make(customer.customerId());
        return named(
                name,
                () -> storage.write(h -> {
                    h.createUpdate("INSERT INTO customers (customer_id, name, created_at) VALUES (:id, :name, :now)")
                            .bind("id", customer.customerId())
                            .bind("name", customer.name())
                            .bind("now", customer.createdAt())
                            .execute();
                    audit.note(
                            h,
                            by,
                            new Change(
                                    Optional.of(customer.customerId()),
                                    "Authz_create_customer",
                                    "customer",
                                    customer.customerId(),
                                    name,
                                    Map.of(),
                                    Map.of("name", name)));
                    return customer;
                }));
    }

    /**
     * Gives a customer another name.
     *
     * @throws io.skerry.spec.ProblemException {@code name.malformed}, {@code customer.unknown}, {@code customer.exists}
     */
    public void rename(String customerId, String name, Actor by) {
        Names.checked("A customer", name);
        var _ = named(
                name,
                () -> storage.write(h -> {
                    Customer before = find(h, customerId)
                            .orElseThrow(() -> unknown(customerId).asException());
                    if (before.name().equals(name)) {
                        return before;
                    }
                    h.execute("UPDATE customers SET name = ? WHERE customer_id = ?", name, customerId);
                    audit.note(
                            h,
                            by,
                            new Change(
                                    Optional.of(customerId),
                                    "Authz_rename_customer",
                                    "customer",
                                    customerId,
                                    name,
                                    Map.of("name", before.name()),
                                    Map.of("name", name)));
                    return before;
                }));
    }

    private static <T> T named(String name, Supplier<T> change) {
        try {
            return change.get();
        } catch (ConstraintViolation e) {
            throw new Problem(
                            "customer.exists",
                            "There is a customer named '" + name + "' already.",
                            "Use that one, or choose another name.")
                    .asException(e);
        }
    }

    public Optional<Customer> find(String customerId) {
        return storage.read(h -> find(h, customerId));
    }

    private static Optional<Customer> find(Handle h, String customerId) {
        return h.createQuery("SELECT * FROM customers WHERE customer_id = :id")
                .bind("id", customerId)
                .map((rs, c) -> customer(rs))
                .findOne();
    }

    /**
     * Those that the caller may see, oldest first.
     *
     * @param cursor the id after which to begin; empty for the beginning
     */
    public Page<Customer> visibleTo(Caller caller, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM customers WHERE (:all = 1 OR customer_id = :id)"
                                + " AND customer_id > :cursor ORDER BY customer_id LIMIT :most")
                        .bind("all", caller.ofInstallation() ? 1 : 0)
                        .bind("id", caller.customerId())
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> customer(rs))
                        .list(),
                take,
                Customer::customerId));
    }

    /** @throws io.skerry.spec.ProblemException {@code customer.unknown} when there is none of this id */
    public static void require(Handle h, String customerId) {
        if (h.createQuery("SELECT 1 FROM customers WHERE customer_id = :id")
                .bind("id", customerId)
                .mapTo(Integer.class)
                .findOne()
                .isEmpty()) {
            throw unknown(customerId).asException();
        }
    }

    /** What is said of a customer that isn't there, or that the caller may not see. */
    public static Problem unknown(String customerId) {
        return new Problem(
                "customer.unknown",
                "There is no customer '" + Text.shortened(customerId, 60) + "'.",
                "Look the ids up with Authz_get_customers.");
    }

    private static Customer customer(ResultSet rs) throws SQLException {
        return new Customer(rs.getString("customer_id"), rs.getString("name"), rs.getLong("created_at"));
    }
}
