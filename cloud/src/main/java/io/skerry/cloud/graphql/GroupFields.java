package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.tenancy.Group;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups of devices. */
final class GroupFields implements Fields {
    private static final int MOST_CUSTOMERS = 200;
    private static final String PARENT = "parent_group_id";
    private static final String ID = "group_id";
    /** How many ids an answer without pages has. */
    static final int MOST_IDS = 5_000;

    private final Groups groups;

    GroupFields(Groups groups) {
        this.groups = groups;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("Authz_get_groups", e -> list(new Arguments(e)))
                        .dataFetcher("Authz_group_ids_by_customer_ids", e -> ids(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("Authz_create_group", e -> create(new Arguments(e)))
                        .dataFetcher("Authz_rename_group", e -> rename(new Arguments(e)))
                        .dataFetcher("Authz_move_group", e -> move(new Arguments(e)))
                        .dataFetcher("Authz_remove_group", e -> remove(new Arguments(e))));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Page<Group> page = groups.list(arguments.customer("customer_id"), arguments.take(), arguments.idCursor());
        return new Shape()
                .with("groups", page.items().stream().map(GroupFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private List<String> ids(Arguments arguments) {
        List<String> customers = arguments.ids("customer_ids", MOST_CUSTOMERS);
        customers.forEach(arguments::seen);
        List<String> ids = groups.ids(customers, arguments.flag("recursive"), MOST_IDS + 1);
        if (ids.size() > MOST_IDS) {
            throw new Problem(
                            "group.too-many",
                            "These customers have more than " + MOST_IDS
                                    + " groups, which are too many for one answer.",
                            "Name fewer customers, or ask for one customer's groups page by page, with"
                                    + " Authz_get_groups.")
                    .asException();
        }
        return ids;
    }

    private String create(Arguments arguments) {
        return groups.create(
                arguments.customer("customer_id"),
                arguments.optionalText(PARENT),
                arguments.text("name"),
                arguments.caller().actor());
    }

    private String rename(Arguments arguments) {
        groups.rename(arguments.text(ID), arguments.text("name"), arguments.caller());
        return arguments.text(ID);
    }

    private String move(Arguments arguments) {
        groups.move(arguments.text(ID), arguments.optionalText(PARENT), arguments.caller());
        return arguments.text(ID);
    }

    private String remove(Arguments arguments) {
        groups.remove(arguments.text(ID), arguments.caller());
        return arguments.text(ID);
    }

    private static Map<String, @Nullable Object> shape(Group group) {
        return new Shape()
                .with("group_id", group.groupId())
                .with("customer_id", group.customerId())
                .with(PARENT, group.parentId())
                .with("name", group.name())
                .with("created_at", group.createdAt())
                .fields();
    }
}
