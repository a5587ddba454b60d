package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.skerry.spec.desired.Container;
import java.util.Optional;

/**
 * What there is of a container on the device.
 *
 * @param container what it was started from
 * @param kept whether it is kept as its restart policy says; false after a reboot of the machine, until it is started
 * @param beside what runs beside it to take its place
 */
@Json
public record Present(Container container, boolean kept, Optional<Container> beside) {
    /** One that is kept, with nothing beside it. */
    public static Present kept(Container container) {
        return new Present(container, true, Optional.empty());
    }
}
