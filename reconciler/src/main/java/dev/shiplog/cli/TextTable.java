package dev.shiplog.cli;

import java.io.PrintWriter;
import java.util.List;

/** Prints rows in columns as wide as their widest cell, three spaces apart, as kubectl does. */
final class TextTable {
    private static final String GAP = "   ";

    private TextTable() {}

    static void print(List<List<String>> rows, PrintWriter out) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i));
                if (i < row.size() - 1) {
                    line.repeat(' ', widths[i] - row.get(i).length()).append(GAP);
                }
            }
            out.println(line);
        }
    }
}
