package io.skerry.cli.output;

/** One line that says how far something is. */
public final class ProgressBar {
    private static final int BAR = 24;

    private ProgressBar() {}

    /**
     * The line for a terminal: step, bar, percentage and amounts; without a known total the amount alone.
     *
     * @param total in bytes; 0 when not known yet
     */
    public static String line(String step, long done, long total, View view) {
        String plain;
        if (total <= 0) {
            plain = done > 0 ? step + "  " + Sizes.of(done) : step;
        } else {
            long held = Math.clamp(done, 0, total);
            int full = (int) (BAR * held / total);
            plain = "━".repeat(full) + "─".repeat(BAR - full) + String.format("  %3d%%", percent(done, total)) + "  "
                    + Sizes.of(held) + " of " + Sizes.of(total) + "  " + step;
        }
        return Table.cut(plain, view.width());
    }

    /** Whole per cents, never more than 100; 0 when the total isn't known. */
    public static int percent(long done, long total) {
        return total <= 0 ? 0 : Math.clamp(100 * done / total, 0, 100);
    }
}
