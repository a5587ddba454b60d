package io.skerry.cli.session;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** How a person's browser is opened. */
@FunctionalInterface
public interface Browser {
    /** Tries to open an address; whether that worked is seen by what comes of it. */
    void open(URI address);

    /** The desktop's usual one, where there is a desktop. */
    static Browser ofDesktop(Map<String, String> environment) {
        return address -> {
            if (!environment.containsKey("DISPLAY") && !environment.containsKey("WAYLAND_DISPLAY")) {
                return;
            }
            try {
                new ProcessBuilder("xdg-open", address.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException _) {
                // The address is printed too.
            }
        };
    }
}
