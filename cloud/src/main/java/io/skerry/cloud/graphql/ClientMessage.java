package io.skerry.cloud.graphql;

import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client says by the protocol {@code graphql-transport-ws} (PROTOCOL.md of enisdenjo/graphql-ws). */
sealed interface ClientMessage {
    /** @param authorization as the header of that name has it, if the payload tells it */
    record Init(Optional<String> authorization) implements ClientMessage {}

    record Ping() implements ClientMessage {}

    record Pong() implements ClientMessage {}

    /** @param id that the client gave the operation */
    record Subscribe(String id, GraphQlRequest request) implements ClientMessage {}

    record Complete(String id) implements ClientMessage {}

    /** What isn't a message of the protocol; the connection ends with 4400. */
    record Malformed(String why) implements ClientMessage {}

    int LONGEST_ID = 128;

    static ClientMessage parse(String text) {
        try {
            Map<String, @Nullable Object> fields =
                    JsonText.object(text.getBytes(StandardCharsets.UTF_8), "The message");
            Map<String, @Nullable Object> payload = GraphQlRequest.object("payload", fields.get("payload"));
            return switch (String.valueOf(fields.get("type"))) {
                case "connection_init" -> new Init(authorization(payload));
                case "ping" -> new Ping();
                case "pong" -> new Pong();
                case "subscribe" -> new Subscribe(id(fields), GraphQlRequest.of(payload));
                case "complete" -> new Complete(id(fields));
                default -> new Malformed("Unknown type of message");
            };
        } catch (ProblemException e) {
            return new Malformed(e.problem().message());
        }
    }

    private static Optional<String> authorization(Map<String, @Nullable Object> payload) {
        return payload.entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase("authorization"))
                .flatMap(e -> Optional.ofNullable(e.getValue()).stream())
                .map(Object::toString)
                .findFirst();
    }

    private static String id(Map<String, @Nullable Object> fields) {
        if (fields.get("id") instanceof String id && !id.isEmpty() && id.length() <= LONGEST_ID) {
            return id;
        }
        throw GraphQlRequest.malformed("has no 'id' of 1 to " + LONGEST_ID + " characters");
    }
}
