package io.skerry.spec;

/** What names and messages from outside are put through before a person reads them. */
public final class Text {
    private Text() {}

    /** At most {@code most} characters of {@code text} (with an ellipsis when cut), control characters as {@code ?}. */
    public static String shortened(String text, int most) {
        String cut = text.length() <= most ? text : text.substring(0, Math.max(0, most - 1)) + "…";
        StringBuilder clean = new StringBuilder(cut.length());
        cut.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
