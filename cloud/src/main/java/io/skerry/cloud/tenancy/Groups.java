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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** The groups of each customer: a tree whose leaves are devices. */
public final class Groups {
    /** Groups above one another. */
    static final int DEEPEST = 16;

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final AuditLog audit;
    private final PlaceChanges places;

    /** @param places told of the nodes that stand elsewhere from now on */
    public Groups(Storage storage, Ids ids, InstantSource time, AuditLog audit, PlaceChanges places) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.audit = audit;
        this.places = places;
    }

    /**
     * Makes a group.
     *
     * @param parentId the group that it is in; empty: at the customer's root
     * @return its id
     * @throws io.skerry.spec.ProblemException {@code name.malformed}, {@code customer.unknown}, {@code group.unknown}, {@code
     *     group.exists}, {@code group.too-deep}
     */
    public String create(
            String customerId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> parentId,
            String name,
            Actor by) {
        Names.checked("A group", name);
        return named(
                name,
                () -> storage.write(h -> {
                    Customers.require(h, customerId);
                    Optional<Group> parent = parentId.map(id -> required(h, customerId, id));
                    String id = ids.next();
                    var group = new Group(id, customerId, parentId, name, path(parent, id), time.millis());
                    refuseTooDeep(group.depth());
                    h.createUpdate("INSERT INTO node_groups (group_id, customer_id, parent_id, name, path, created_at)"
                                    + " VALUES (:id, :customer, :parent, :name, :path, :now)")
                            .bind("id", id)
                            .bind("customer", customerId)
                            .bind("parent", parentId)
                            .bind("name", name)
                            .bind("path", group.path())
                            .bind("now", group.createdAt())
                            .execute();
                    note(h, by, "Authz_create_group", group, Map.of(), told(group));
                    return id;
                }));
    }

    /**
     * Gives a group another name.
     *
     * @throws io.skerry.spec.ProblemException {@code name.malformed}, {@code group.unknown}, {@code group.exists}
     */
    public void rename(String groupId, String name, Caller caller) {
        Names.checked("A group", name);
        named(
                name,
                () -> storage.write(h -> {
                    Group group = seen(h, groupId, caller);
                    h.execute("UPDATE node_groups SET name = ? WHERE group_id = ?", name, groupId);
                    note(
                            h,
                            caller.actor(),
                            "Authz_rename_group",
                            group,
                            Map.of("name", group.name()),
                            Map.of("name", name));
                    return group;
                }));
    }

    /**
     * Puts a group, with all that is in it, into another one.
     *
     * @param parentId empty: to the customer's root
     * @throws io.skerry.spec.ProblemException {@code group.unknown}, {@code group.exists}, {@code group.cycle}, {@code
     *     group.too-deep}, {@code instance.needed}
     */
    public void move(
            String groupId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> parentId,
            Caller caller) {
        named(
                groupId,
                () -> storage.write(h -> {
                    Group group = seen(h, groupId, caller);
                    Optional<Group> parent = parentId.map(id -> required(h, group.customerId(), id));
                    parent.filter(p -> p.within(group)).ifPresent(p -> {
                        throw new Problem(
                                        "group.cycle",
                                        "The group '" + group.name() + "' can't be put into '" + p.name()
                                                + "', which is within it.",
                                        "Move that one out of it first.")
                                .asException();
                    });
                    String path = path(parent, groupId);
                    refuseTooDeep(deepestBelow(h, group)
                            - group.depth()
                            + parent.map(p -> p.depth() + 1).orElse(0));
                    h.execute(
                            "UPDATE node_groups SET parent_id = ? WHERE group_id = ?", parentId.orElse(null), groupId);
                    h.createUpdate("UPDATE node_groups SET path = :path || substr(path, :rest)"
                                    + " WHERE customer_id = :customer AND substr(path || '/', 1, :length) = :old")
                            .bind("path", path)
                            .bind("rest", group.path().length() + 1)
                            .bind("customer", group.customerId())
                            .bind("length", group.path().length() + 1)
                            .bind("old", group.path() + "/")
                            .execute();
                    note(
                            h,
                            caller.actor(),
                            "Authz_move_group",
                            group,
                            Map.of("parent_group_id", group.parentId().orElse("")),
                            Map.of("parent_group_id", parentId.orElse("")));
                    places.moved(h, nodesBelow(h, group.customerId(), path), caller.actor());
                    return group;
                }));
    }

    /**
     * Removes a group that has nothing in it, and with it which services its devices were to have.
     *
     * @throws io.skerry.spec.ProblemException {@code group.unknown}, {@code group.not-empty}, {@code group.has-webhooks}
     */
    public void remove(String groupId, Caller caller) {
        try {
            storage.write(h -> {
                Group group = seen(h, groupId, caller);
                refuseWebhooks(h, group);
                Map<String, Object> before = new TreeMap<>(told(group));
                before.put("node_service_ids", services(h, groupId));
                h.execute("DELETE FROM node_groups WHERE group_id = ?", groupId);
                note(h, caller.actor(), "Authz_remove_group", group, before, Map.of());
                return group;
            });
        } catch (ConstraintViolation e) {
            throw new Problem(
                            "group.not-empty",
                            "The group '" + Text.shortened(groupId, 60) + "' has groups or devices in it.",
                            "Move these out of it first, or remove them.")
                    .asException(e);
        }
    }

    /** A customer's groups in the order in which they were made. */
    public Page<Group> list(String customerId, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM node_groups WHERE customer_id = :customer AND group_id > :cursor"
                                + " ORDER BY group_id LIMIT :most")
                        .bind("customer", customerId)
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> group(rs))
                        .list(),
                take,
                Group::groupId));
    }

    /**
     * The ids of the groups of these customers, at most so many.
     *
     * @param nested also of those within other groups
     */
    public List<String> ids(Collection<String> customerIds, boolean nested, int most) {
        if (customerIds.isEmpty()) {
            return List.of();
        }
        return storage.read(h -> h.createQuery("SELECT group_id FROM node_groups WHERE customer_id IN (<customers>)"
                        + (nested ? "" : " AND parent_id IS NULL") + " ORDER BY group_id LIMIT :most")
                .bind("most", most)
                .bindList("customers", List.copyOf(customerIds))
                .mapTo(String.class)
                .list());
    }

    /** The group of this id, whoever's it is. */
    public Optional<Group> find(String groupId) {
        return storage.read(h -> find(h, groupId));
    }

    private static Optional<Group> find(Handle h, String groupId) {
        return h.createQuery("SELECT * FROM node_groups WHERE group_id = :id")
                .bind("id", groupId)
                .map((rs, c) -> group(rs))
                .findOne();
    }

    /** @throws io.skerry.spec.ProblemException {@code group.unknown} when the customer has none of this id */
    public static Group required(Handle h, String customerId, String groupId) {
        return find(h, groupId)
                .filter(g -> g.customerId().equals(customerId))
                .orElseThrow(() -> unknown(groupId).asException());
    }

    /** @throws io.skerry.spec.ProblemException {@code group.unknown} when the caller sees none of this id */
    public static Group seen(Handle h, String groupId, Caller caller) {
        return find(h, groupId)
                .filter(g -> caller.sees(g.customerId()))
                .orElseThrow(() -> unknown(groupId).asException());
    }

    private static String path(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Group> parent, String id) {
        return parent.map(Group::path).orElse("") + "/" + id;
    }

    private static List<String> nodesBelow(Handle h, String customerId, String path) {
        return h.createQuery("SELECT n.node_id FROM nodes n JOIN node_groups g ON g.group_id = n.group_id"
                        + " WHERE g.customer_id = :customer AND substr(g.path || '/', 1, :length) = :path")
                .bind("customer", customerId)
                .bind("length", path.length() + 1)
                .bind("path", path + "/")
                .mapTo(String.class)
                .list();
    }

    /** A webhook of a group that is gone would fall silent without anybody noticing. */
    private static void refuseWebhooks(Handle h, Group group) {
        List<String> names = h.createQuery(
                        "SELECT name FROM webhooks WHERE customer_id = :customer AND group_id = :id" + " ORDER BY name")
                .bind("customer", group.customerId())
                .bind("id", group.groupId())
                .mapTo(String.class)
                .list();
        if (!names.isEmpty()) {
            throw new Problem(
                            "group.has-webhooks",
                            "The group '" + group.name() + "' has webhooks that tell of its devices: "
                                    + String.join(", ", names) + ".",
                            "Remove them or give them another group first.")
                    .asException();
        }
    }

    private static List<String> services(Handle h, String groupId) {
        return h.createQuery("SELECT service_id FROM group_services WHERE group_id = :id ORDER BY service_id")
                .bind("id", groupId)
                .mapTo(String.class)
                .list();
    }

    private static int deepestBelow(Handle h, Group group) {
        return h
                .createQuery("SELECT * FROM node_groups WHERE customer_id = :customer"
                        + " AND substr(path || '/', 1, :length) = :path")
                .bind("customer", group.customerId())
                .bind("length", group.path().length() + 1)
                .bind("path", group.path() + "/")
                .map((rs, c) -> group(rs))
                .stream()
                .mapToInt(Group::depth)
                .max()
                .orElse(group.depth());
    }

    private static void refuseTooDeep(int depth) {
        if (depth >= DEEPEST) {
            throw new Problem(
                            "group.too-deep",
                            "Groups would be nested more than " + DEEPEST + " deep.",
                            "Put the group nearer to the root.")
                    .asException();
        }
    }

    private static <T> T named(String name, Supplier<T> work) {
        try {
            return work.get();
        } catch (ConstraintViolation e) {
            throw new Problem(
                            "group.exists",
                            "There is a group of the name of '" + Text.shortened(name, 60) + "' there already.",
                            "Use that one, or choose another name.")
                    .asException(e);
        }
    }

    private void note(
            Handle h, Actor by, String operation, Group group, Map<String, Object> before, Map<String, Object> after) {
        audit.note(
                h,
                by,
                new Change(
                        Optional.of(group.customerId()),
                        operation,
                        "group",
                        group.groupId(),
                        group.name(),
                        before,
                        after));
    }

    private static Map<String, Object> told(Group group) {
        return Map.of("name", group.name(), "parent_group_id", group.parentId().orElse(""));
    }

    /** What is said of a group that isn't there, or is another customer's. */
    public static Problem unknown(String groupId) {
        return new Problem(
                "group.unknown",
                "There is no group '" + Text.shortened(groupId, 60) + "'.",
                "Look the ids up with Authz_get_groups or 'skerry group ls'.");
    }

    private static Group group(ResultSet rs) throws SQLException {
        return new Group(
                rs.getString("group_id"),
                rs.getString("customer_id"),
                Optional.ofNullable(rs.getString("parent_id")),
                rs.getString("name"),
                rs.getString("path"),
                rs.getLong("created_at"));
    }
}
