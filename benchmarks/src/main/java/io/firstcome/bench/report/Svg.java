package io.firstcome.bench.report;

import java.util.List;
import java.util.Locale;

/** Plots as SVG text, readable on a light and on a dark background. */
final class Svg {

    private static final int WIDTH = 760;
    private static final int LABEL_WIDTH = 190;
    private static final int VALUE_WIDTH = 110;
    private static final int ROW = 30;
    private static final int TOP = 44;
    private static final String[] COLORS = {"#2f6fb2", "#d9822b", "#3d9a50", "#a33ea1"};
    private static final String OTHER = "#8a94a0";

    private Svg() {}

    /**
     * One bar.
     *
     * @param emphasized whether the bar shows FirstCome itself
     */
    record Bar(String label, double value, double min, double max, boolean emphasized) {}

    /** One line through points with the same x values as all others. */
    record Line(String label, List<Double> values) {}

    /** Horizontal bars from 0, with a thin line for the range of the rounds. */
    static String bars(String title, String unit, List<Bar> bars) {
        double top = bars.stream().mapToDouble(Bar::max).max().orElse(1);
        double scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / (top == 0 ? 1 : top);
        StringBuilder svg = begin(title, TOP + ROW * bars.size() + 12);
        int y = TOP;
        for (Bar bar : bars) {
            double end = LABEL_WIDTH + bar.value() * scale;
            text(svg, LABEL_WIDTH - 8, y + 16, "end", bar.label());
            append(svg, "<rect x='%d' y='%d' width='%.1f' height='20' rx='2' fill='%s'/>", LABEL_WIDTH, y,
                    bar.value() * scale, bar.emphasized() ? COLORS[0] : OTHER);
            append(svg, "<path d='M%.1f %dH%.1f' stroke='#c0392b' stroke-width='2'/>",
                    LABEL_WIDTH + bar.min() * scale, y + 10, LABEL_WIDTH + bar.max() * scale);
            text(svg, Math.max(end, LABEL_WIDTH + bar.max() * scale) + 8, y + 16, "start",
                    Tables.number(bar.value()) + " " + unit);
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    /** Lines over named x positions, with a logarithmic y axis that begins at 1. */
    static String lines(String title, String unit, List<String> positions, List<Line> lines) {
        int height = 300;
        int bottom = TOP + height;
        double top = lines.stream().flatMap(line -> line.values().stream()).mapToDouble(Double::doubleValue).max()
                .orElse(10);
        double decades = Math.max(1, Math.ceil(Math.log10(top)));
        double step = (WIDTH - 80.0 - VALUE_WIDTH) / Math.max(1, positions.size() - 1);
        StringBuilder svg = begin(title, bottom + 40);
        for (int decade = 0; decade <= decades; decade++) {
            double y = bottom - height * decade / decades;
            append(svg, "<path d='M80 %.1fH%d' stroke='#8884'/>", y, WIDTH - VALUE_WIDTH);
            text(svg, 72, y + 4, "end", Tables.number(Math.pow(10, decade)) + " " + unit);
        }
        for (int i = 0; i < positions.size(); i++) {
            text(svg, 80 + i * step, bottom + 22, "middle", positions.get(i));
        }
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            StringBuilder points = new StringBuilder();
            double y = bottom;
            for (int j = 0; j < line.values().size(); j++) {
                y = bottom - height * Math.log10(Math.max(1, line.values().get(j))) / decades;
                append(points, "%.1f,%.1f ", 80 + j * step, y);
            }
            String color = COLORS[i % COLORS.length];
            append(svg, "<polyline points='%s' fill='none' stroke='%s' stroke-width='2.5'/>",
                    points.toString().strip(), color);
            append(svg, "<text x='%d' y='%.1f' fill='%s'>%s</text>", WIDTH - VALUE_WIDTH + 8, y + 4, color,
                    escaped(line.label()));
        }
        return svg.append("</svg>\n").toString();
    }

    private static StringBuilder begin(String title, int height) {
        StringBuilder svg = new StringBuilder();
        append(svg, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
                + " font-family='system-ui, sans-serif' font-size='13'>", WIDTH, height, WIDTH, height);
        append(svg, "<rect width='%d' height='%d' fill='#ffffff'/>", WIDTH, height);
        append(svg, "<text x='12' y='24' font-size='15' font-weight='600' fill='#222222'>%s</text>", escaped(title));
        return svg;
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        append(svg, "<text x='%.1f' y='%.1f' text-anchor='%s' fill='#222222'>%s</text>", x, y, anchor, escaped(text));
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append(format.startsWith("<") ? "\n" : "");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
