package io.skerry.cloud.event;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What can happen. Words, and the names of a version's fields, are stable; a shape that whoever reads the one before can't read has
 * the next version.
 */
public enum EventType {
    NODE_ENROLLED("node.enrolled", "A device joined.", "node_name"),
    NODE_REMOVED("node.removed", "A device was removed.", "node_name"),
    NODE_ONLINE("node.online", "A device is there that was away, or is there for the first time.", "node_name"),
    NODE_OFFLINE("node.offline", "A device is away.", "node_name"),
    NODE_PROBLEM_BEGAN(
            "node.problem_began", "A device reports something that is wrong with it.", "node_name", "problem"),
    NODE_PROBLEM_ENDED("node.problem_ended", "What a device reported isn't wrong any more.", "node_name", "code"),
    INSTANCE_UPDATE_BEGUN(
            "instance.update_begun",
            "A device began to bring an instance to another version, or to its first.",
            "node_name",
            "service_name",
            "from_version?",
            "version"),
    INSTANCE_UPDATE_COMMITTED(
            "instance.update_committed",
            "A device keeps an instance's new version.",
            "node_name",
            "service_name",
            "from_version?",
            "version"),
    INSTANCE_UPDATE_FAILED(
            "instance.update_failed",
            "An instance's new version can't be had on the device, or not yet; what was before goes on.",
            "node_name",
            "service_name",
            "from_version?",
            "version",
            "reason"),
    INSTANCE_UPDATE_ROLLED_BACK(
            "instance.update_rolled_back",
            "An instance's new version didn't work on the device; what was before runs again.",
            "node_name",
            "service_name",
            "from_version?",
            "version",
            "reason"),
    INSTANCE_VOLUME_RESTORED(
            "instance.volume_restored",
            "An instance's volume was put back as it was before an update; what was written in between is given up.",
            "node_name",
            "service_name?",
            "volume",
            "revision",
            "taken_at",
            "restored_at"),
    SERVICE_VERSION_IMPORTED(
            "service.version_imported", "A service has a new version.", "service_name", "version", "container_image"),
    ROLLOUT_PHASE_BEGUN(
            "rollout.phase_begun", "A phase of a roll-out began.", "service_name", "version", "phase", "phases"),
    ROLLOUT_AWAITING_APPROVAL(
            "rollout.awaiting_approval",
            "A roll-out's next phase waits for somebody.",
            "service_name",
            "version",
            "phase",
            "phases"),
    ROLLOUT_PAUSED(
            "rollout.paused",
            "A roll-out goes no further until somebody resumes it.",
            "service_name",
            "version",
            "phase",
            "phases",
            "reason"),
    ROLLOUT_RESUMED(
            "rollout.resumed", "A roll-out that was paused goes on.", "service_name", "version", "phase", "phases"),
    ROLLOUT_ENDED(
            "rollout.ended",
            "A roll-out was completed, aborted, reverted or superseded, as its state says.",
            "service_name",
            "version",
            "phase",
            "phases",
            "state"),
    WEBHOOK_DISABLED(
            "webhook.disabled",
            "A webhook was disabled because its receiver took nothing for long.",
            "webhook_name",
            "reason"),
    /** Goes to the one webhook that it was sent to, whatever that asks for. */
    WEBHOOK_PING("webhook.ping", "Somebody tries a webhook.", "webhook_name");

    private static final int VERSION = 1;
    private static final String OPTIONAL = "?";

    private final String word;
    private final String description;
    private final String fields;

    EventType(String word, String description, String... fields) {
        this.word = word;
        this.description = description;
        this.fields = String.join(" ", fields);
    }

    public String word() {
        return word;
    }

    /** The number of the shape that its data have. */
    public int version() {
        return VERSION;
    }

    /** When it happens, as a sentence. */
    public String description() {
        return description;
    }

    /** The names of its data's fields besides the subject's ids; one that may be left out has a question mark behind it. */
    public List<String> fields() {
        return List.of(fields.split(" "));
    }

    /** Whether data with these fields have its shape. */
    boolean fits(Set<String> given) {
        Set<String> known = fields().stream().map(EventType::plain).collect(Collectors.toSet());
        return known.containsAll(given)
                && fields().stream().filter(f -> !f.endsWith(OPTIONAL)).allMatch(given::contains);
    }

    private static String plain(String field) {
        return field.endsWith(OPTIONAL) ? field.substring(0, field.length() - 1) : field;
    }

    /** The type of this word, if there is one. */
    static Optional<EventType> find(String word) {
        return Arrays.stream(values()).filter(t -> t.word.equals(word)).findFirst();
    }

    /** @throws io.skerry.spec.ProblemException {@code event.type-unknown} */
    public static EventType of(String word) {
        return find(word).orElseThrow(() -> unknown(word).asException());
    }

    /** What is said of a type that isn't there. */
    public static Problem unknown(String word) {
        return new Problem(
                "event.type-unknown",
                "There is no type of events '" + Text.shortened(word, 60) + "'.",
                "Use one of DM_get_event_types, as " + NODE_OFFLINE.word + ".");
    }
}
