package io.firstcome.standalone.plan;

import java.util.List;
import java.util.Locale;

/** A plan as a table for operators. */
final class PlanText {

    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int LINE = 100;

    private PlanText() {}

    static String of(CapacityPlan plan) {
        Forecast sale = plan.forecast();
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT,
                "%s users claim %s pieces of %s within %s; %d each; Kafka keeps %d copies;"
                        + " claims of %d bytes;%ninstances with %d processors, used to %s %%%n%n",
                number(sale.users()),
                number(sale.stock()), sale.coupons() == 1 ? "one coupon" : number(sale.coupons()) + " coupons",
                value(sale.seconds(), "s"), sale.perUser(), sale.replication(), sale.messageBytes(), sale.cores(),
                number(sale.utilisation() * 100)));
        table(text, plan.quantities().stream()
                .map(each -> new String[]{each.name(), value(each.value(), each.unit()), each.formula()}).toList());
        text.append(
                String.format(Locale.ROOT, "%nMeasured on %s, %d processors, commit %s%n", plan.measured().machine(),
                        plan.measured().cores(), plan.measured().run()));
        table(text, plan.measured().constants().stream()
                .map(each -> new String[]{each.name(), value(each.value(), each.unit()), each.source()}).toList());
        text.append(String.format("%nLimits%n"));
        plan.limits().forEach(limit -> text.append(wrapped(limit)));
        return text.toString();
    }

    private static void table(StringBuilder text, List<String[]> rows) {
        int name = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
        int value = rows.stream().mapToInt(row -> row[1].length()).max().orElse(0);
        rows.forEach(row -> text.append(
                String.format(Locale.ROOT, "  %-" + name + "s  %" + value + "s  %s%n", row[0], row[1], row[2])));
    }

    /** A limit as an item of a list, in lines that fit into a terminal. */
    private static String wrapped(String limit) {
        StringBuilder text = new StringBuilder("  -");
        int column = text.length();
        for (String word : limit.split(" ")) {
            if (column + 1 + word.length() > LINE) {
                text.append(System.lineSeparator()).append("   ");
                column = 3;
            }
            text.append(' ').append(word);
            column += 1 + word.length();
        }
        return text.append(System.lineSeparator()).toString();
    }

    /** A value with its unit: bytes as KiB to EiB, long times as minutes, hours or days. */
    static String value(double value, String unit) {
        return switch (unit) {
            case "B", "B/s" -> bytes(value) + unit.substring(1);
            case "s" -> time(value);
            case "" -> number(value);
            default -> number(value) + " " + unit;
        };
    }

    private static String bytes(double value) {
        double rest = value;
        int unit = 0;
        while (rest >= 1024 && unit < BYTE_UNITS.length - 1) {
            rest /= 1024;
            unit++;
        }
        return number(rest) + " " + BYTE_UNITS[unit];
    }

    private static String time(double seconds) {
        if (seconds < 600) {
            return number(seconds) + " s";
        }
        if (seconds < 36_000) {
            return number(seconds / 60) + " min";
        }
        return seconds < 864_000 ? number(seconds / 3_600) + " h" : number(seconds / 86_400) + " days";
    }

    /** Three significant digits for small numbers, thousands with a comma. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size == Math.rint(size) || size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
