package io.skerry.cloud.window;

import io.skerry.spec.window.UpdateWindows;
import java.util.Optional;

/**
 * What is said of one subject.
 *
 * @param windows its own; empty: those of the next wider one
 * @param timeZone the IANA name; empty: that of the next wider one
 * @param urgentUntil milliseconds since 1970 until which nothing of it waits for windows
 * @param urgentReason why, as an operator said
 */
public record UpdateTimes(
        Subject subject,
        String customerId,
        Optional<UpdateWindows> windows,
        Optional<String> timeZone,
        Optional<Long> urgentUntil,
        Optional<String> urgentReason) {

    /** Nothing is said of it yet. */
    static UpdateTimes nothing(Subject subject, String customerId) {
        return new UpdateTimes(
                subject, customerId, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    UpdateTimes withWindows(@SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<UpdateWindows> other) {
        return new UpdateTimes(subject, customerId, other, timeZone, urgentUntil, urgentReason);
    }

    UpdateTimes withTimeZone(@SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> other) {
        return new UpdateTimes(subject, customerId, windows, other, urgentUntil, urgentReason);
    }

    UpdateTimes urgent(long until, String reason) {
        return new UpdateTimes(subject, customerId, windows, timeZone, Optional.of(until), Optional.of(reason));
    }

    UpdateTimes notUrgent() {
        return new UpdateTimes(subject, customerId, windows, timeZone, Optional.empty(), Optional.empty());
    }

    boolean saysNothing() {
        return windows.isEmpty() && timeZone.isEmpty() && urgentUntil.isEmpty();
    }
}
