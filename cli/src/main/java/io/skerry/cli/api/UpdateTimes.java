package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** What is said of one customer, group, device, service or instance about when it may be updated. */
@Json(naming = Json.Naming.LowerUnderscore)
public record UpdateTimes(
        String customerId,
        Optional<String> groupId,
        Optional<String> nodeId,
        Optional<String> nodeServiceId,
        Optional<String> nodeServiceInstanceId,
        Optional<UpdateWindows> windows,
        Optional<String> timeZone,
        Optional<Long> urgentUntil,
        Optional<String> urgentReason) {

    /** Apart from each other, when may be fetched and when switched. */
    @Json
    public record UpdateWindows(Optional<Windows> fetching, Optional<Windows> switching) {}

    /** Open whenever one of them is. */
    @Json
    public record Windows(List<DailyWindow> daily, List<ScheduledWindow> scheduled) {}

    /** By the clock on the device's wall. */
    @Json
    public record DailyWindow(List<String> days, String start, Optional<String> end, Optional<Integer> minutes) {}

    /** In milliseconds since 1970. */
    @Json
    public record ScheduledWindow(long from, long until) {}
}
