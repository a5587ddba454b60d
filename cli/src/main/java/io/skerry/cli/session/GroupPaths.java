package io.skerry.cli.session;

import io.skerry.cli.api.NodeGroup;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A customer's groups by their paths, {@code trains/line-1}: what people call them. */
public final class GroupPaths {
    private final Map<String, NodeGroup> byId;
    private final Map<String, NodeGroup> byPath = new HashMap<>();

    GroupPaths(List<NodeGroup> groups) {
        byId = groups.stream().collect(Collectors.toMap(NodeGroup::groupId, g -> g));
        groups.forEach(g -> byPath.put(of(g), g));
    }

    /** The names from the root to the group, with slashes between them. */
    public String of(NodeGroup group) {
        return group.parentGroupId()
                .flatMap(id -> Optional.ofNullable(byId.get(id)))
                .map(parent -> of(parent) + "/" + group.name())
                .orElse(group.name());
    }

    /** The path of the group with this id; the id itself when there is none. */
    public String of(String groupId) {
        return Optional.ofNullable(byId.get(groupId)).map(this::of).orElse(groupId);
    }

    /**
     * The id of the group that is meant by a path or an id; empty for {@code /}, the customer's root.
     *
     * @throws ProblemException {@code group.not-found}
     */
    public Optional<String> id(String pathOrId) {
        String path = pathOrId.replaceAll("^/+|/+$", "");
        if (path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(byId.get(path))
                .or(() -> Optional.ofNullable(byPath.get(path)))
                .map(NodeGroup::groupId)
                .orElseThrow(() -> new Problem(
                                "group.not-found",
                                "There is no group '" + Text.shortened(pathOrId, 80) + "'.",
                                "See them with skerry group ls.")
                        .asException()));
    }
}
