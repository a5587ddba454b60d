package io.skerry.cloud.graphql;

import io.skerry.cloud.idempotency.CallSeal;
import io.skerry.cloud.idempotency.IdempotencyKey;
import io.skerry.cloud.idempotency.IdempotentCalls;
import io.skerry.cloud.idempotency.IdempotentCalls.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Carries out the mutations that came with an idempotency key. */
final class RepeatableCalls {
    private final FleetApi api;
    private final IdempotentCalls calls;
    private final SecureRandom random;

    RepeatableCalls(FleetApi api, IdempotentCalls calls, SecureRandom random) {
        this.api = api;
        this.calls = calls;
        this.random = random;
    }

    /** @throws io.skerry.spec.ProblemException {@code idempotency.…}, {@code storage.…} */
    GraphQlAnswer answer(GraphQlCall call, Visitor visitor, IdempotencyKey key) {
        var seal = new CallSeal(visitor.secret(), key, random);
        String answer = calls.once(visitor.caller(), seal, input(call), c -> {
            GraphQlAnswer made = api.answer(call, c);
            return new Outcome(
                    new String(JsonText.bytes(made.body()), StandardCharsets.UTF_8),
                    made.body().containsKey("errors"));
        });
        Map<String, @Nullable Object> body = JsonText.object(answer.getBytes(StandardCharsets.UTF_8), "The answer");
        return new GraphQlAnswer(body.containsKey("data"), body);
    }

    /** The same for calls that differ in nothing but the order of their variables' fields. */
    private static byte[] input(GraphQlCall call) {
        return JsonText.bytes(
                Map.of("call", List.of(call.query(), call.operationName().orElse(""), sorted(call.variables()))));
    }

    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((name, v) -> sorted.put(String.valueOf(name), v == null ? null : sorted(v)));
                yield sorted;
            }
            case List<?> list ->
                list.stream().map(v -> v == null ? "null" : List.of(sorted(v))).toList();
            default -> value;
        };
    }
}
