package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Services that devices have by their groups. Each call as those of {@link Fleet}. */
public final class GroupServices {
    private final Calls calls;

    GroupServices(Calls calls) {
        this.calls = calls;
    }

    /** On each device of a group, now and later; the answer is the rule's id. */
    public String add(String groupId, String serviceId, VersionSelector selector) {
        return calls.text(
                Operation.ADD_GROUP_SERVICE,
                Map.of(
                        "group_id",
                        groupId,
                        "node_service_id",
                        serviceId,
                        "version_target_selector",
                        selector.variables()));
    }

    public GroupService get(String groupServiceId) {
        return calls.one(
                GroupService.class,
                calls.required(Operation.GROUP_SERVICE, Map.of("group_node_service_id", groupServiceId)));
    }

    /** Which services devices have by their groups. */
    public List<GroupService> list(String customerId, Optional<String> groupId, Optional<String> serviceId) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId));
        groupId.ifPresent(id -> variables.put("group_id", id));
        serviceId.ifPresent(id -> variables.put("node_service_id", id));
        return calls.pages(GroupService.class, Operation.GROUP_SERVICES, "group_node_services", variables);
    }

    /** Which devices are to have a service by a group and can't. */
    public List<AbsentInstance> absent(String customerId, String groupServiceId) {
        return calls.pages(
                AbsentInstance.class,
                Operation.ABSENT_INSTANCES,
                "absent_instances",
                Map.of("customer_id", customerId, "group_node_service_id", groupServiceId));
    }

    public void selectVersion(String groupServiceId, VersionSelector selector) {
        calls.text(
                Operation.UPDATE_GROUP_SERVICE,
                Map.of("group_node_service_id", groupServiceId, "version_target_selector", selector.variables()));
    }

    public void remove(String groupServiceId) {
        calls.text(Operation.REMOVE_GROUP_SERVICE, Map.of("group_node_service_id", groupServiceId));
    }
}
