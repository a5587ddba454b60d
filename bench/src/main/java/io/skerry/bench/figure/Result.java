package io.skerry.bench.figure;

import java.util.List;

/**
 * What one benchmark found out.
 *
 * @param name by which it is run
 * @param title for people
 * @param about what was measured and how, in Markdown
 * @param circumstances when, on what machine and by which command
 */
public record Result(String name, String title, String about, String circumstances, List<Figure> figures) {
    public Result {
        figures = List.copyOf(figures);
    }

    private static final List<String> HEADINGS = List.of("", "unit", "median", "least – most", "runs", "limit", "peer");

    /** Its figures as columns of plain text. */
    public String plain() {
        List<List<String>> rows = rows();
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(name + ": " + title + "\n");
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < widths.length; i++) {
                line.append(' ')
                        .append(row.get(i))
                        .append(" ".repeat(widths[i] - row.get(i).length() + 1));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** As a section of the document. */
    public String markdown() {
        StringBuilder text = new StringBuilder("## " + title + "\n\n" + about.strip() + "\n\n");
        List<List<String>> rows = rows();
        row(text, rows.getFirst());
        row(text, List.of("---", "---", "---:", "---:", "---:", "---", "---"));
        rows.subList(1, rows.size()).forEach(r -> row(text, r));
        return text.append("\n").append(circumstances.strip()).append("\n").toString();
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new java.util.ArrayList<>(List.of(HEADINGS));
        for (Figure f : figures) {
            String runs = Integer.toString(f.samples().count());
            rows.add(List.of(f.what(), f.unit().word(), f.median(), f.range(), runs, f.verdict(), f.peer()));
        }
        return rows;
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
