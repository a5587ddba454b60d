package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.injection.InjectedKey;
import io.skerry.cloud.injection.InjectedKeys;
import io.skerry.cloud.injection.NewInjection;
import io.skerry.cloud.tenancy.Role;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API keys that instances find in their containers. */
final class InjectedKeyFields implements Fields {
    private static final String ID = "injected_api_key_id";
    private static final String INSTANCE = "node_service_instance_id";
    private static final String EVERY = "rotate_minutes";
    private static final String OVERLAP = "overlap_minutes";

    private final InjectedKeys keys;

    InjectedKeyFields(InjectedKeys keys) {
        this.keys = keys;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type("Query", query -> query.dataFetcher("DM_get_injected_api_keys", e -> list(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_inject_api_key", e -> add(new Arguments(e)))
                        .dataFetcher("DM_update_injected_api_key", e -> change(new Arguments(e)))
                        .dataFetcher("DM_rotate_injected_api_key", e -> rotate(new Arguments(e)))
                        .dataFetcher("DM_remove_injected_api_key", e -> remove(new Arguments(e))));
    }

    private List<Map<String, @Nullable Object>> list(Arguments arguments) {
        return keys.list(arguments.text(INSTANCE), arguments.caller()).stream()
                .map(InjectedKeyFields::shape)
                .toList();
    }

    private String add(Arguments arguments) {
        return keys.add(
                arguments.text(INSTANCE),
                new NewInjection(
                        ConfigFields.path("", arguments.text("path")),
                        ConfigFields.mode("", arguments.text("mode")),
                        Role.of(arguments.text("role")),
                        arguments.flag("whole_customer"),
                        new InjectedKey.Rotation(
                                minutes(arguments, EVERY),
                                minutes(arguments, OVERLAP).orElse(Duration.ZERO))),
                arguments.caller());
    }

    private String change(Arguments arguments) {
        String id = arguments.text(ID);
        InjectedKey.Rotation before = keys.find(id, arguments.caller())
                .map(InjectedKey::rotation)
                .orElseThrow(() -> InjectedKeys.unknown(id).asException());
        keys.change(
                id,
                new InjectedKey.Rotation(
                        arguments.given(EVERY) ? minutes(arguments, EVERY) : before.every(),
                        minutes(arguments, OVERLAP).orElse(before.overlap())),
                arguments.caller());
        return id;
    }

    private String rotate(Arguments arguments) {
        keys.rotate(arguments.text(ID), minutes(arguments, OVERLAP), arguments.caller());
        return arguments.text(ID);
    }

    private String remove(Arguments arguments) {
        keys.remove(arguments.text(ID), arguments.caller());
        return arguments.text(ID);
    }

    private static Optional<Duration> minutes(Arguments arguments, String name) {
        return arguments.large(name).map(m -> Duration.ofMinutes(Math.clamp(m, -1, Integer.MAX_VALUE)));
    }

    private static Map<String, @Nullable Object> shape(InjectedKey.View view) {
        InjectedKey key = view.key();
        return new Shape()
                .with(ID, key.injectedKeyId())
                .with(INSTANCE, key.instanceId())
                .with("path", key.path())
                .with("mode", String.format(Locale.ROOT, "%04o", key.mode()))
                .with("role", key.role().word())
                .with("whole_customer", key.nodeId().isEmpty())
                .with(EVERY, key.rotation().every().map(Duration::toMinutes))
                .with(OVERLAP, key.rotation().overlap().toMinutes())
                .with("created_at", key.createdAt())
                .with("rotated_at", key.rotatedAt())
                .with("api_key_id", view.current().apiKeyId())
                .with(
                        "earlier",
                        view.earlier().stream()
                                .map(turn -> new Shape()
                                        .with("api_key_id", turn.apiKeyId())
                                        .with("good_until", turn.goodUntil())
                                        .fields())
                                .toList())
                .fields();
    }
}
