package io.skerry.spec.window;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When something may be fetched and when it may be switched to.
 *
 * @param fetching when images may be fetched; always, when nothing is said
 * @param switching when what runs may be changed; always, when nothing is said
 */
@Json
public record UpdateWindows(Optional<Windows> fetching, Optional<Windows> switching) {
    /** Nothing is restricted. */
    public static final UpdateWindows ALWAYS = new UpdateWindows(Optional.empty(), Optional.empty());

    public UpdateWindows {
        Required.field(fetching, "fetching");
        Required.field(switching, "switching");
    }

    /** The earliest instant, not before this one, at which this may be done; nothing when it never may again. */
    public Optional<Instant> opens(Opening what, Instant from, ZoneId zone) {
        Optional<Windows> windows = of(what);
        return windows.isEmpty() ? Optional.of(from) : windows.get().opens(from, zone);
    }

    private Optional<Windows> of(Opening what) {
        return switch (what) {
            case FETCH -> fetching;
            case SWITCH -> switching;
        };
    }
}
