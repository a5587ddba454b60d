package io.skerry.cloud.replica;

import io.skerry.spec.desired.Position;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that was done and that every replica keeps in memory. */
public sealed interface FleetChange {
    /** A node was told something new. */
    record Told(String nodeId, Position position) implements FleetChange {}

    /** A device became a node; the fingerprint is its key's. */
    record Enrolled(String nodeId, String customerId, String keyFingerprint) implements FleetChange {}

    /** A node was removed. */
    record Removed(String nodeId, String keyFingerprint) implements FleetChange {}

    /** A node's device said something new of itself. */
    record Reported(String nodeId) implements FleetChange {}

    /** An API key was made or revoked. */
    record KeyChanged(String apiKeyId) implements FleetChange {}

    /** As it stands in the table. */
    default Row row() {
        return switch (this) {
            case Told(String node, Position(long epoch, long serial)) -> new Row("told", node, epoch + "." + serial);
            case Enrolled(String node, String customer, String key) -> new Row("enrolled", node, customer + " " + key);
            case Removed(String node, String key) -> new Row("removed", node, key);
            case Reported(String node) -> new Row("reported", node, "");
            case KeyChanged(String key) -> new Row("key", key, "");
        };
    }

    /**
     * A row of the table.
     *
     * @param subject whose id
     */
    record Row(String kind, String subject, String detail) {
        private static final Pattern POSITION = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})");
        private static final Pattern ENROLLED = Pattern.compile("(\\S{1,64}) (\\S{1,128})");

        /** What it says; nothing when another version of Skerry wrote what this one doesn't know. */
        Optional<FleetChange> change() {
            Matcher position = POSITION.matcher(detail);
            Matcher enrolled = ENROLLED.matcher(detail);
            return switch (kind) {
                case "told" ->
                    position.matches()
                            ? Optional.of(new Told(
                                    subject,
                                    new Position(Long.parseLong(position.group(1)), Long.parseLong(position.group(2)))))
                            : Optional.empty();
                case "enrolled" ->
                    enrolled.matches()
                            ? Optional.of(new Enrolled(subject, enrolled.group(1), enrolled.group(2)))
                            : Optional.empty();
                case "removed" -> Optional.of(new Removed(subject, detail));
                case "reported" -> Optional.of(new Reported(subject));
                case "key" -> Optional.of(new KeyChanged(subject));
                default -> Optional.empty();
            };
        }
    }
}
