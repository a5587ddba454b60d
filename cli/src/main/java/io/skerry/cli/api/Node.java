package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Optional;

/** A device with all that is known of it. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Node(
        String nodeId,
        String customerId,
        String name,
        Optional<String> groupId,
        List<Word> labels,
        List<Word> attributes,
        String arch,
        long createdAt,
        boolean online,
        Optional<Long> lastSeenAt,
        Optional<String> daemonVersion,
        Capabilities capabilities,
        int revision,
        Optional<Integer> tryingRevision,
        String phase,
        Optional<String> step,
        Optional<Outcome> lastOutcome,
        List<GivenUp> givenUp,
        String desiredPosition,
        String acceptedPosition,
        Optional<Long> memoryTotal,
        Optional<Long> memoryAvailable,
        Optional<Long> diskTotal,
        Optional<Long> diskFree,
        List<Traffic> traffic,
        List<Problem> problems,
        List<Instance> instances,
        List<AbsentInstance> absentInstances) {}
