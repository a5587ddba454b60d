package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys that instances find in a file. Each call as those of {@link Fleet}. */
public final class InjectedKeys {
    private final Calls calls;

    InjectedKeys(Calls calls) {
        this.calls = calls;
    }

    /** The keys that an instance finds, by path. */
    public List<InjectedKey> of(String instanceId) {
        return calls.list(
                InjectedKey.class,
                calls.required(Operation.INJECTED_KEYS, Map.of("node_service_instance_id", instanceId)));
    }

    /** The injected key's id; nobody is told the key. */
    public String inject(NewInjectedKey key) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("node_service_instance_id", key.instanceId());
        variables.put("whole_customer", key.wholeCustomer());
        key.role().ifPresent(role -> variables.put("role", role));
        key.path().ifPresent(path -> variables.put("path", path));
        key.mode().ifPresent(mode -> variables.put("mode", mode));
        key.rotateMinutes().ifPresent(minutes -> variables.put("rotate_minutes", minutes));
        key.overlapMinutes().ifPresent(minutes -> variables.put("overlap_minutes", minutes));
        return calls.text(Operation.INJECT_KEY, variables);
    }

    /** @param overlapMinutes empty: as was said of the injected key */
    public void rotate(String injectedKeyId, Optional<Long> overlapMinutes) {
        Map<String, Object> variables = new HashMap<>(Map.of("injected_api_key_id", injectedKeyId));
        overlapMinutes.ifPresent(minutes -> variables.put("overlap_minutes", minutes));
        calls.text(Operation.ROTATE_INJECTED_KEY, variables);
    }

    /**
     * How it is rotated from now on.
     *
     * @param rotateMinutes 0: not by itself any more; empty: as before
     * @param overlapMinutes empty: as before
     */
    public void update(String injectedKeyId, Optional<Long> rotateMinutes, Optional<Long> overlapMinutes) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("injected_api_key_id", injectedKeyId);
        rotateMinutes.ifPresent(minutes -> variables.put("rotate_minutes", minutes == 0 ? null : minutes));
        overlapMinutes.ifPresent(minutes -> variables.put("overlap_minutes", minutes));
        calls.text(Operation.UPDATE_INJECTED_KEY, variables);
    }

    public void remove(String injectedKeyId) {
        calls.text(Operation.REMOVE_INJECTED_KEY, Map.of("injected_api_key_id", injectedKeyId));
    }
}
