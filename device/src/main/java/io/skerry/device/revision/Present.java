package io.skerry.device.revision;

import io.skerry.spec.desired.Container;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What there is of a container on the device.
 *
 * @param container what it was started from
 * @param kept whether it is kept as its restart policy says; false after a reboot of the machine, until it is started
 * @param beside what runs beside it to take its place
 */
public record Present(Container container, boolean kept, Optional<Container> beside) {
    static Map<String, Container> forms(Map<String, Present> present) {
        Map<String, Container> forms = new TreeMap<>();
        present.forEach((name, p) -> {
            if (p.kept()) {
                forms.put(name, p.container());
            }
        });
        return forms;
    }

    /** One that is kept, with nothing beside it. */
    public static Present kept(Container container) {
        return new Present(container, true, Optional.empty());
    }
}
