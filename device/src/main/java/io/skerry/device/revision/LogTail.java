package io.skerry.device.revision;

import java.util.List;

/** The last lines of a container, as many and as long as a reason may have. */
final class LogTail {
    private static final System.Logger LOG = System.getLogger(LogTail.class.getName());
    private static final int LINES = 20;
    private static final int LINE_LENGTH = 400;

    private LogTail() {}

    static List<String> of(Containers containers, String name, Slot slot) {
        try {
            List<String> lines = containers.logTail(name, slot, LINES);
            return lines.stream()
                    .skip(Math.max(0, lines.size() - LINES))
                    .map(l -> l.length() > LINE_LENGTH ? l.substring(0, LINE_LENGTH - 1) + "…" : l)
                    .toList();
        } catch (RuntimeException e) {
            // The reason is worth more than its log.
            LOG.log(System.Logger.Level.WARNING, "can't read the log of " + name, e);
            return List.of();
        }
    }
}
