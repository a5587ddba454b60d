package io.skerry.cli.webhook;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.skerry.cli.api.Event;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What happened, as people read it. */
public final class EventTable {
    private static final JsonType<Map<String, Object>> DATA =
            JsonMappers.mapper().build().type(Object.class).map();

    private EventTable() {}

    public static List<String> lines(List<Event> events, View view) {
        Table table =
                new Table(Column.fixed("AGE"), Column.fixed("EVENT"), Column.flexible("WHAT"), Column.droppable("ID"));
        events.forEach(e -> table.row(
                Cell.dim(view.ago(e.at())),
                Cell.of(e.type()),
                Cell.of(Text.shortened(said(e), 400)),
                Cell.dim(e.eventId())));
        return table.lines(view);
    }

    /** What an event says, but ids, which the JSON form has: {@code node quay, service web, version 3}. */
    private static String said(Event event) {
        try {
            return DATA.fromJson(event.data()).entrySet().stream()
                    .filter(e -> !e.getKey().endsWith("_id"))
                    .map(e -> e.getKey().replaceFirst("_name$", "").replace('_', ' ') + " " + words(e.getValue()))
                    .collect(Collectors.joining(", "));
        } catch (JsonException e) {
            // Of a newer control plane, perhaps: as it came.
            return event.data();
        }
    }

    private static String words(Object value) {
        return String.valueOf(
                value instanceof Map<?, ?> problem && problem.containsKey("message") ? problem.get("message") : value);
    }
}
