package io.skerry.cli.output;

/**
 * A column of a {@link Table}.
 *
 * @param title its heading
 * @param kind what may be done to it on a narrow terminal
 */
public record Column(String title, Kind kind) {
    /** What may be done to a column when the line is too long. */
    public enum Kind {
        /** Nothing: it is short. */
        FIXED,
        /** Its texts may be cut. */
        FLEXIBLE,
        /** It may be left out, because people can do without it. */
        DROPPABLE
    }

    public static Column fixed(String title) {
        return new Column(title, Kind.FIXED);
    }

    public static Column flexible(String title) {
        return new Column(title, Kind.FLEXIBLE);
    }

    public static Column droppable(String title) {
        return new Column(title, Kind.DROPPABLE);
    }
}
