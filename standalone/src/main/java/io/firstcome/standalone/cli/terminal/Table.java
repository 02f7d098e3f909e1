package io.firstcome.standalone.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Aligned columns for a terminal. Characters of Chinese, Japanese and Korean scripts take two columns there. Values may
 * come from unknown programs, so control characters, which could drive the terminal, are replaced.
 */
public final class Table {

    private static final String GAP = "  ";

    private final List<String> headings;
    private final boolean[] isNumber;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param headings of the columns; a heading that begins with {@code >} aligns its column to the right */
    public Table(String... headings) {
        this.isNumber = new boolean[headings.length];
        this.headings = new ArrayList<>();
        for (int i = 0; i < headings.length; i++) {
            isNumber[i] = headings[i].startsWith(">");
            this.headings.add(isNumber[i] ? headings[i].substring(1) : headings[i]);
        }
    }

    /** Adds a row with one value for each column. */
    public Table row(Object... values) {
        if (values.length != headings.size()) {
            throw new IllegalArgumentException(values.length + " values for " + headings);
        }
        rows.add(Arrays.stream(values).map(value -> printable(String.valueOf(value))).toList());
        return this;
    }

    /** All lines, without trailing spaces. */
    public String text() {
        int[] widths = headings.stream().mapToInt(Table::width).toArray();
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        });
        StringBuilder text = new StringBuilder(line(headings, widths));
        rows.forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    private String line(List<String> values, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - width(values.get(i)));
            line.append(i == 0 ? "" : GAP).append(isNumber[i] ? padding + values.get(i) : values.get(i) + padding);
        }
        return line.toString().stripTrailing() + System.lineSeparator();
    }

    /** The text in one line, without control characters. */
    public static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    private static int width(String text) {
        return text.codePoints().map(point -> isWide(point) ? 2 : 1).sum();
    }

    /** The wide ranges of Unicode's East Asian Width that names use: Hangul, kana, ideographs, full-width forms. */
    private static boolean isWide(int point) {
        return point >= 0x1100 && point <= 0x115F || point >= 0x2E80 && point <= 0xA4CF
                || point >= 0xAC00 && point <= 0xD7A3 || point >= 0xF900 && point <= 0xFAFF
                || point >= 0xFE30 && point <= 0xFE6F || point >= 0xFF00 && point <= 0xFF60
                || point >= 0x1F300 && point <= 0x1FAFF || point >= 0x20000 && point <= 0x3FFFD;
    }
}
