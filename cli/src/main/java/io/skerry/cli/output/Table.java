package io.skerry.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Aligned columns under their headings. On a narrow terminal droppable columns go first, from the right; then flexible ones
 * are cut, the widest first; then the line is.
 */
public final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_FLEXIBLE = 8;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    public Table row(Cell... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The heading and a line for each row, as wide as the view allows. */
    public List<String> lines(View view) {
        List<Integer> shown = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            shown.add(c);
        }
        int[] widths = naturalWidths();
        for (int c = columns.size() - 1; c > 0 && total(shown, widths) > view.width(); c--) {
            if (columns.get(c).kind() == Column.Kind.DROPPABLE) {
                shown.remove(Integer.valueOf(c));
            }
        }
        shrink(shown, widths, view.width());
        List<String> lines = new ArrayList<>();
        lines.add(line(
                shown,
                widths,
                view,
                columns.stream().map(c -> new Cell(c.title(), Tone.STRONG)).toList()));
        rows.forEach(row -> lines.add(line(shown, widths, view, row)));
        return lines;
    }

    private int[] naturalWidths() {
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            int at = c;
            widths[c] = Math.max(
                    length(columns.get(c).title()),
                    rows.stream().mapToInt(r -> length(r.get(at).text())).max().orElse(0));
        }
        return widths;
    }

    private static int total(List<Integer> shown, int[] widths) {
        return shown.stream().mapToInt(c -> widths[c]).sum() + GAP.length() * (shown.size() - 1);
    }

    private void shrink(List<Integer> shown, int[] widths, int most) {
        int excess = total(shown, widths) - most;
        while (excess > 0) {
            int widest = -1;
            for (int c : shown) {
                if (columns.get(c).kind() == Column.Kind.FLEXIBLE
                        && widths[c]
                                > Math.max(LEAST_FLEXIBLE, length(columns.get(c).title()))
                        && (widest < 0 || widths[c] > widths[widest])) {
                    widest = c;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
            excess--;
        }
    }

    private static String line(List<Integer> shown, int[] widths, View view, List<Cell> row) {
        StringBuilder line = new StringBuilder();
        int room = view.width();
        for (int i = 0; i < shown.size() && room > 0; i++) {
            int column = shown.get(i);
            Cell cell = row.get(column);
            String text = cut(cell.text(), Math.min(widths[column], room));
            boolean last = i == shown.size() - 1;
            int padding = last ? 0 : Math.min(widths[column] - length(text) + GAP.length(), room - length(text));
            line.append(view.paint(cell.tone(), text)).append(" ".repeat(Math.max(0, padding)));
            room -= length(text) + padding;
        }
        return line.toString().stripTrailing();
    }

    static String cut(String text, int most) {
        if (length(text) <= most) {
            return text;
        }
        int[] kept = Arrays.copyOf(text.codePoints().toArray(), Math.max(0, most - 1));
        return new String(kept, 0, kept.length) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
