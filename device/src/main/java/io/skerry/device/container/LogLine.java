package io.skerry.device.container;

import java.util.Optional;

/**
 * One line of a log as conmon writes it ({@code k8s-file}): time, stream, {@code F} or {@code P}, text.
 *
 * @param error whether it was written to the error output
 * @param text what the container wrote
 * @param complete whether its line ends here; a long one comes in several
 */
record LogLine(boolean error, String text, boolean complete) {
    static Optional<LogLine> parse(String line) {
        int stream = line.indexOf(' ');
        int tag = stream < 0 ? -1 : line.indexOf(' ', stream + 1);
        int text = tag < 0 ? -1 : line.indexOf(' ', tag + 1);
        if (text < 0) {
            return Optional.empty();
        }
        boolean error = line.startsWith("stderr", stream + 1);
        return switch (line.substring(tag + 1, text)) {
            case "F" -> Optional.of(new LogLine(error, line.substring(text + 1), true));
            case "P" -> Optional.of(new LogLine(error, line.substring(text + 1), false));
            default -> Optional.empty();
        };
    }
}
