package io.firstcome.bench.report;

/**
 * How large the load of a workload was.
 *
 * @param users how many users claim; 0 for as many as find a free connection within the time
 * @param stock the stock of each coupon; 0 for more than is claimed
 * @param connections the connections over which the claims come
 */
public record Size(long users, long stock, int connections) {

    /** Claims over some connections that all find stock. */
    public static Size endless(int connections) {
        return new Size(0, 0, connections);
    }
}
