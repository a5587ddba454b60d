package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.window.Opening;
import java.util.List;
import java.util.Optional;

/**
 * What is wanted and waits for a window.
 *
 * @param containers those that are to change and may not yet
 */
@Json
public record WindowWaits(List<Wait> containers) {
    public WindowWaits {
        Required.field(containers, "containers");
        containers = List.copyOf(containers);
    }

    /**
     * One of them.
     *
     * @param name the node service instance's id
     * @param window for which window it waits
     * @param opens when that opens, milliseconds since 1970; nothing when none opens any more, or the device doesn't know the time
     */
    @Json
    public record Wait(String name, Opening window, Optional<Long> opens) {
        public Wait {
            Required.field(name, "name");
            Required.field(window, "window");
            Required.field(opens, "opens");
        }
    }
}
