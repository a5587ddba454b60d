package io.skerry.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Canned parts of the cloud's answers. */
final class Sample {
    static final String CUSTOMER = "0190aaaa-0000-7000-8000-000000000001";
    static final String WEB = "0190bbbb-0000-7000-8000-000000000001";
    static final String QUAY = "0190cccc-0000-7000-8000-000000000001";
    static final String BUOY = "0190cccc-0000-7000-8000-000000000002";
    static final String WEB_ON_QUAY = "0190dddd-0000-7000-8000-000000000001";
    static final String WEB_ON_BUOY = "0190dddd-0000-7000-8000-000000000002";
    static final long NOW = Operator.NOW.toEpochMilli();

    private Sample() {}

    static Map<String, Object> customer(String id, String name) {
        return Map.of("customer_id", id, "name", name, "created_at", NOW - 86_400_000L * 3);
    }

    static Map<String, Object> harbour() {
        return page("customers", null, customer(CUSTOMER, "harbour"));
    }

    static Map<String, Object> service(String id, String name, int version) {
        return Map.of(
                "node_service_id", id,
                "customer_id", CUSTOMER,
                "name", name,
                "container_version", version,
                "container_image", "registry.example/edge/" + name + ":" + version,
                "created_at", NOW - 7_200_000L,
                "versions", page("versions", null, version(name, version)));
    }

    static Map<String, Object> version(String name, int version) {
        Map<String, Object> map = new HashMap<>();
        map.put("container_version", version);
        map.put("container_image", "registry.example/edge/" + name + ":" + version);
        map.put("created_at", NOW - 600_000L);
        map.put(
                "images",
                List.of(Map.of(
                        "arch",
                        "arm64",
                        "image_reference",
                        "registry.example/edge/" + name + ":" + version,
                        "digest",
                        "sha256:" + "ab".repeat(32),
                        "compressed_bytes",
                        12_345_678L,
                        "unpacked_bytes",
                        30_000_000L)));
        map.put("memory_limit_mb", 64);
        map.put("cpu_limit_millis", 0);
        map.put("pids_limit", 256);
        map.put("volumes", List.of(volume("data", "/var/lib/web", false)));
        map.put("environment", List.of(Map.of("name", "GREETING", "value", "ahoy")));
        map.put("restart", "always");
        map.put("stop_seconds", 10);
        map.put("probation_seconds", 30);
        map.put("health", null);
        map.put("after", List.of());
        return map;
    }

    private static Map<String, Object> volume(String source, String target, boolean cared) {
        return Map.of("source", source, "target", target, "shareable", cared, "snapshot", cared);
    }

    /** A service whose version says all that one can say. */
    static Map<String, Object> recorder() {
        Map<String, Object> version = version("recorder", 7);
        version.put(
                "health",
                "{\"type\":\"http\",\"port\":8080,\"path\":\"/healthz\",\"timing\":{\"interval_seconds\":10,"
                        + "\"timeout_seconds\":5,\"start_period_seconds\":60,\"retries\":3}}");
        version.put("restart", "unless-stopped");
        version.put("group", "platform");
        version.put("status_goal", "READY");
        version.put("goal_seconds", 300);
        version.put("update_scope", "container");
        version.put("after", List.of("broker", "clock"));
        version.put(
                "recovery",
                Map.of(
                        "max_retries",
                        5,
                        "retry_delay_seconds",
                        5,
                        "backoff_factor",
                        2,
                        "most_delay_seconds",
                        60,
                        "stable_seconds",
                        90,
                        "exhausted",
                        "pause",
                        "pause_seconds",
                        600));
        version.put(
                "update",
                Map.of(
                        "strategy",
                        "hand-over",
                        "pre_update",
                        Map.of("command", List.of("/usr/bin/recorder", "flush"), "timeout_seconds", 20),
                        "hand_over",
                        Map.of("command", List.of("/bin/sh", "-c", "kill -USR1 1"), "timeout_seconds", 30),
                        "lock_seconds",
                        3600));
        version.put("volumes", List.of(volume("data", "/data", true)));
        Map<String, Object> service = new HashMap<>(service(WEB, "recorder", 7));
        service.put("versions", page("versions", null, version));
        return service;
    }

    static Map<String, Object> page(String list, @Nullable String cursor, Object... items) {
        Map<String, Object> map = new HashMap<>();
        map.put(list, List.of(items));
        map.put("next_cursor", cursor);
        return map;
    }

    static Map<String, Object> node(String id, String name, boolean online) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("node_id", id);
        map.put("customer_id", CUSTOMER);
        map.put("name", name);
        map.put("group_id", null);
        map.put("labels", List.of());
        map.put("attributes", List.of());
        map.put("arch", "arm64");
        map.put("created_at", NOW - 86_400_000L);
        map.put("online", online);
        map.put("last_seen_at", online ? NOW - 4_000L : NOW - 600_000L);
        map.put("daemon_version", "0.1.0");
        map.put(
                "capabilities",
                Map.of(
                        "document_version",
                        1,
                        "runtimes",
                        List.of("runc"),
                        "network_modes",
                        List.of("host"),
                        "features",
                        List.of(),
                        "cgroup",
                        2));
        map.put("revision", 4);
        map.put("trying_revision", null);
        map.put("phase", "idle");
        map.put("step", null);
        map.put("last_outcome", null);
        map.put("given_up", List.of());
        map.put("desired_position", "1.7");
        map.put("accepted_position", "1.7");
        map.put("memory_total", 2_000_000_000L);
        map.put("memory_available", 1_500_000_000L);
        map.put("disk_total", 32_000_000_000L);
        map.put("disk_free", 20_000_000_000L);
        map.put("traffic", List.of(Map.of("purpose", "content", "received", 25_000_000L, "sent", 1_200L)));
        map.put("problems", List.of());
        map.put("instances", List.of());
        map.put("absent_instances", List.of());
        return map;
    }

    /** A device that went back once and is kept from the next change by a container. */
    static Map<String, Object> putOff(String id, String name) {
        Map<String, Object> map = node(id, name, true);
        map.put("trying_revision", 6);
        map.put("phase", "put-off");
        map.put("step", "wait while web holds its update lock, at most 600 s");
        Map<String, Object> restored = new HashMap<>();
        restored.put("container", WEB_ON_QUAY);
        restored.put("service_name", "web");
        restored.put("volume", "data");
        restored.put("method", "copy");
        restored.put("bytes", 12_300_000L);
        restored.put("taken_at", NOW - 242_000L);
        restored.put("restored_at", NOW - 200_000L);
        Map<String, Object> kept = new HashMap<>(restored);
        kept.put("service_name", null);
        kept.put("container", "0190dddd-0000-7000-8000-000000000009");
        kept.put("method", "reflink");
        kept.put("bytes", 0L);
        kept.put("restored_at", null);
        Map<String, Object> outcome = new HashMap<>();
        outcome.put("revision", 5);
        outcome.put("result", "rolled-back");
        outcome.put("reason", rolledBack(new HashMap<>()).get("reason"));
        outcome.put("volumes", List.of(restored, kept));
        map.put("last_outcome", outcome);
        map.put(
                "given_up",
                List.of(givenUp(5, NOW - 242_000L, NOW - 200_000L), givenUp(3, NOW - 7_920_000L, NOW - 7_200_000L)));
        return map;
    }

    private static Map<String, Object> givenUp(int revision, long takenAt, long restoredAt) {
        return Map.of(
                "revision",
                revision,
                "container",
                WEB_ON_QUAY,
                "service_name",
                "web",
                "volume",
                "data",
                "taken_at",
                takenAt,
                "restored_at",
                restoredAt);
    }

    static Map<String, Object> instance(String id, String nodeId, String node, String state, int running, int target) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("node_service_instance_id", id);
        map.put("customer_id", CUSTOMER);
        map.put("node_service_id", WEB);
        map.put("service_name", "web");
        map.put("node_id", nodeId);
        map.put("node_name", node);
        map.put("node_online", true);
        map.put("version_target_selector", null);
        map.put("by_group", null);
        map.put("target_version", target);
        map.put("running_version", running == 0 ? null : running);
        map.put("state", state);
        map.put("reason", null);
        map.put("restarts", 0);
        map.put("last_exit", null);
        map.put("started_at", running == 0 ? null : NOW - 180_000L);
        map.put(
                "lan",
                node.equals("quay")
                        ? Map.of("address", "10.190.3.1/16", "range", "10.190.3.0/24", "own_range", true)
                        : null);
        map.put("created_at", NOW - 3_600_000L);
        return map;
    }

    /** The same instance, gone back because its new version ended. */
    static Map<String, Object> rolledBack(Map<String, Object> instance) {
        Map<String, Object> map = new LinkedHashMap<>(instance);
        map.put("state", "rolled-back");
        map.put("last_exit", "exit code 3");
        map.put(
                "reason",
                Map.of(
                        "container",
                        "web",
                        "code",
                        "container.exited",
                        "message",
                        "The container ended with exit code 3 in its probation.",
                        "remedy",
                        "Look at its log.",
                        "log_tail",
                        List.of("opening /etc/web.conf", "no such file")));
        return map;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    static Map<String, Object> rollout(
            int version, int done, int progress, int failed, Map<String, Object>... instances) {
        return Map.of(
                "node_service_id",
                WEB,
                "name",
                "web",
                "container_version",
                version,
                "total",
                instances.length,
                "done",
                done,
                "in_progress",
                progress,
                "failed",
                failed,
                "waiting_offline",
                instances.length - done - progress - failed,
                "instances",
                page("instances", null, (Object[]) instances));
    }

    /** A roll-out in two phases of version 6. */
    static Map<String, Object> phased(String id, String service, String state, String why) {
        Map<String, Object> progress = Map.of(
                "total", 40, "admitted", 5, "done", 3, "failed", 2, "updating", 0, "waiting", 1, "unreachable", 4);
        Map<String, Object> phase = new HashMap<>(Map.of(
                "success_percent",
                100,
                "failure_percent",
                0,
                "soak_seconds",
                0,
                "update_seconds",
                86400,
                "at_once",
                0,
                "approval",
                false));
        phase.put("percent", null);
        phase.put("count", 5);
        phase.put("progress", progress);
        Map<String, Object> rollout = new HashMap<>(Map.of(
                "rollout_id",
                id,
                "node_service_id",
                service,
                "container_version",
                6,
                "state",
                state,
                "reason",
                Map.of("code", "rollout.failures", "message", why, "remedy", ""),
                "phase",
                1,
                "phases",
                List.of(phase, phase),
                "progress",
                progress,
                "created_at",
                NOW - 3_600_000L,
                "changed_at",
                NOW - 60_000L));
        return rollout;
    }
}
