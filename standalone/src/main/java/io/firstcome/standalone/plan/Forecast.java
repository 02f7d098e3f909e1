package io.firstcome.standalone.plan;

import java.util.Locale;

/**
 * The sale that is planned for, and the machines that will serve the sale.
 *
 * @param users how many users claim
 * @param stock the pieces of all coupons together
 * @param seconds the time within which the users claim, evenly
 * @param coupons how many coupons share the users and the stock evenly
 * @param perUser how many pieces of a coupon one user may hold; each user claims as many
 * @param messageBytes the key and the value of a claim's record
 * @param replication copies of every record in Kafka
 * @param retentionHours how long {@code coupon-outcomes} is retained
 * @param salesPerDay how many such sales a day has
 * @param cores processors of each instance of a service and of each broker
 * @param networkGbit what the network of a broker carries in each direction, in Gbit/s
 * @param utilisation the part of a processor, a thread or a network that the plan uses
 */
record Forecast(long users, long stock, double seconds, long coupons, int perUser, int messageBytes, int replication,
        int retentionHours, int salesPerDay, int cores, double networkGbit, double utilisation) {

    /** One hundred times as many as there are people. */
    static final long COUNT_MAX = 1_000_000_000_000L;

    /** The most processors of an instance. */
    static final int CORES_MAX = 1024;

    Forecast {
        check("--users", users, 1, COUNT_MAX);
        check("--stock", stock, 1, COUNT_MAX);
        check("--seconds", seconds, 0.001, 31_536_000);
        check("--coupons", coupons, 1, stock);
        check("--per-user", perUser, 1, 100);
        check("--message-size", messageBytes, CapacityFormulas.CLAIM_BYTES_MIN, 4096);
        check("--replication", replication, 1, 100);
        // A service does not start on a topic with a shorter retention than declared.
        check("--retention-hours", retentionHours, CapacityFormulas.OUTCOMES_HOURS, 876_000);
        check("--sales-per-day", salesPerDay, 1, 86_400);
        check("--cores", cores, 1, CORES_MAX);
        check("--network-gbit", networkGbit, 0.001, 10_000);
        check("--utilisation", utilisation, 0.01, 1);
    }

    private static void check(String option, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(option + " must be from " + text(min) + " to " + text(max) + ", not "
                    + text(value));
        }
    }

    private static String text(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }
}
