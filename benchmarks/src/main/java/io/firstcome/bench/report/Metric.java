package io.firstcome.bench.report;

/**
 * What a figure means.
 *
 * @param name the heading of the column
 * @param unit the unit; empty for a plain count
 * @param rate whether more is better; such figures are also shown as a ratio to bare Javalin
 */
public record Metric(String name, String unit, boolean rate) {

    /** Something per second. */
    public static Metric rate(String name) {
        return new Metric(name, "/s", true);
    }

    /** A duration in milliseconds. */
    public static Metric millis(String name) {
        return new Metric(name, "ms", false);
    }

    /** A duration in seconds. */
    public static Metric seconds(String name) {
        return new Metric(name, "s", false);
    }

    /** A plain number. */
    public static Metric count(String name) {
        return new Metric(name, "", false);
    }
}
