package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When changes may be made. Each call as those of {@link Fleet}. */
public final class UpdateWindows {
    private final Calls calls;

    UpdateWindows(Calls calls) {
        this.calls = calls;
    }

    public List<UpdateTimes> list(String customerId) {
        return calls.pages(
                UpdateTimes.class, Operation.UPDATE_TIMES, "update_times", Map.of("customer_id", customerId));
    }

    public void set(WindowSubject subject, Map<String, Object> windows) {
        calls.text(Operation.SET_WINDOWS, Map.of(subject.argument(), subject.id(), "windows", windows));
    }

    public void remove(WindowSubject subject) {
        calls.text(Operation.REMOVE_WINDOWS, Map.of(subject.argument(), subject.id()));
    }

    /** @param zone empty: that of what is around it */
    public void setTimeZone(WindowSubject subject, Optional<String> zone) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put(subject.argument(), subject.id());
        variables.put("time_zone", zone.orElse(null));
        calls.text(Operation.SET_TIME_ZONE, variables);
    }

    /** @param minutes 0: no longer */
    public void open(WindowSubject subject, int minutes, String reason) {
        calls.text(
                Operation.OPEN_WINDOWS, Map.of(subject.argument(), subject.id(), "minutes", minutes, "reason", reason));
    }
}
