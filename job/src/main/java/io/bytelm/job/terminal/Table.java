package io.bytelm.job.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text in columns that are as wide as they must be. */
public final class Table {
    private static final String GAP = "  ";

    private record Cell(String shown, int width) {}

    private final Terminal terminal;
    private final boolean[] alignedRight;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** @param headings one a column; one that begins with {@code >} stands above numbers and is aligned to the right */
    public Table(Terminal terminal, String... headings) {
        this.terminal = terminal;
        this.alignedRight = new boolean[headings.length];
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < headings.length; i++) {
            alignedRight[i] = headings[i].startsWith(">");
            String text = alignedRight[i] ? headings[i].substring(1) : headings[i];
            cells.add(new Cell(terminal.styled(Style.DIM, text), text.length()));
        }
        rows.add(cells);
    }

    /** A row of texts; colours in them take no room. */
    public Table row(String... cells) {
        rows.add(Arrays.stream(cells).map(c -> new Cell(c, visibleLength(c))).toList());
        return this;
    }

    public void print() {
        int[] widths = new int[alignedRight.length];
        for (List<Cell> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).width);
            }
        }
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                Cell cell = row.get(i);
                String blanks = " ".repeat(widths[i] - cell.width);
                line.append(GAP).append(alignedRight[i] ? blanks + cell.shown : cell.shown + blanks);
            }
            terminal.line(line.toString().stripTrailing());
        }
    }

    private static int visibleLength(String text) {
        return text.replaceAll("\u001B\\[[0-9;]*m", "").length();
    }
}
