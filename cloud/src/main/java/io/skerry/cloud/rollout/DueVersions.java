package io.skerry.cloud.rollout;

import io.skerry.cloud.storage.Columns;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Which version roll-outs let instances have now that follow the newest. */
public final class DueVersions {
    private static final String GOVERNING =
            "SELECT r.rollout_id, r.service_id, r.version, r.from_version FROM rollouts r"
                    + " JOIN services s ON s.service_id = r.service_id AND s.latest_version = r.version"
                    + " WHERE r.state <> 'completed' AND r.rollout_id = (SELECT max(o.rollout_id) FROM rollouts o"
                    + " WHERE o.service_id = r.service_id AND o.version = r.version)";

    private DueVersions() {}

    /** By instance id; one that isn't in the answer may have the newest. At most some hundred nodes. */
    public static Map<String, Long> of(Handle h, Collection<String> nodeIds) {
        if (nodeIds.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> due = new HashMap<>();
        h.createQuery("SELECT i.instance_id, g.version, g.from_version, m.before_version, m.admitted FROM instances i"
                        + " JOIN (" + GOVERNING + ") g ON g.service_id = i.service_id"
                        + " LEFT JOIN rollout_members m ON m.rollout_id = g.rollout_id AND m.instance_id = i.instance_id"
                        + " WHERE i.selector IS NULL AND i.node_id IN (<nodes>)")
                .bindList("nodes", List.copyOf(nodeIds))
                .map((rs, c) -> {
                    long version = rs.getLong("version");
                    // Where there was no version before, there is nothing to keep an instance at.
                    long earlier = Columns.number(rs, "from_version").orElse(version);
                    long before = Columns.number(rs, "before_version").orElse(earlier);
                    boolean admitted = rs.getInt("admitted") == 1;
                    return due.put(rs.getString("instance_id"), admitted ? version : before);
                })
                .forEach(replaced -> {});
        return due;
    }
}
