package io.skerry.cli.output;

/** Lays JSON out for reading: two spaces a level, one member a line. */
final class JsonLayout {
    private final String compact;
    private final StringBuilder laid;
    private int level;

    private JsonLayout(String compact) {
        this.compact = compact;
        this.laid = new StringBuilder(compact.length() * 2);
    }

    /** @param compact well-formed JSON without any space between its tokens */
    static String of(String compact) {
        return new JsonLayout(compact).laid();
    }

    private String laid() {
        for (int at = 0; at < compact.length(); at++) {
            char c = compact.charAt(at);
            switch (c) {
                case '"' -> at = string(at);
                case '{', '[' -> at = opened(at);
                case '}', ']' -> {
                    level--;
                    line();
                    laid.append(c);
                }
                case ',' -> {
                    laid.append(c);
                    line();
                }
                case ':' -> laid.append(": ");
                default -> laid.append(c);
            }
        }
        return laid.toString();
    }

    /** Copies a string and gives the place of its end. */
    private int string(int from) {
        int end = from + 1;
        while (compact.charAt(end) != '"') {
            end += compact.charAt(end) == '\\' ? 2 : 1;
        }
        laid.append(compact, from, end + 1);
        return end;
    }

    /** An empty list or object stays on its line. */
    private int opened(int from) {
        char close = compact.charAt(from) == '{' ? '}' : ']';
        laid.append(compact.charAt(from));
        if (compact.charAt(from + 1) == close) {
            laid.append(close);
            return from + 1;
        }
        level++;
        line();
        return from;
    }

    private void line() {
        laid.append('\n').append("  ".repeat(level));
    }
}
