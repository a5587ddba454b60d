package io.skerry.device.container;

import java.util.Locale;
import java.util.regex.Pattern;

/** An image's stop signal as runc takes it. */
final class StopSignal {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9]{1,9}");
    private static final Pattern REAL_TIME = Pattern.compile("RTM(?:IN(?:\\+(\\d{1,2}))?|AX(?:-(\\d{1,2}))?)");
    private static final int RTMIN = 34;
    private static final int RTMAX = 64;

    private StopSignal() {}

    /** A name without {@code SIG} or a number; {@code TERM} for what can't be a signal. */
    static String of(String written) {
        String name = written.strip().toUpperCase(Locale.ROOT);
        if (name.matches("\\d{1,2}")) {
            int number = Integer.parseInt(name);
            return number >= 1 && number <= RTMAX ? name : "TERM";
        }
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        var realTime = REAL_TIME.matcher(bare);
        if (realTime.matches()) {
            String up = realTime.group(1);
            String down = realTime.group(2);
            int number = bare.startsWith("RTMAX")
                    ? RTMAX - (down == null ? 0 : Integer.parseInt(down))
                    : RTMIN + (up == null ? 0 : Integer.parseInt(up));
            return String.valueOf(Math.clamp(number, RTMIN, RTMAX));
        }
        return NAME.matcher(bare).matches() ? bare : "TERM";
    }
}
