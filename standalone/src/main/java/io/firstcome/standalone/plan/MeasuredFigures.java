package io.firstcome.standalone.plan;

import java.util.List;

/**
 * What was measured of FirstCome, by the benchmark run whose figures are in {@code docs/performance.json} and in
 * {@code docs/performance.md}. Each value is the median of the rounds.
 *
 * @param machine the machine of the run
 * @param cores the processors of that machine, which also ran Kafka, Redis, the database and the load generator
 * @param run the commit and the start of the run
 * @param decisionsPerSecond commands of one coupon that one stream thread decides and issues (limits, authority)
 * @param gateClaimsPerSecond claims that one Redis server admits, 128 in each run of the script (limits, EVALSHA)
 * @param rowsPerSecond issues that one sink stores in one database server (limits, sink)
 * @param issuedMicros processor time of services and broker for a claim that is issued, in µs (workload {@code b}: as
 *     many users as stock)
 * @param saleMicros processor time of services and broker for a claim of a sale with ten users for each piece, in µs
 *     (workload {@code a-warm})
 * @param soldOutMicros processor time of services and broker for a claim after the sell-out, in µs (workload
 *     {@code e-keyed})
 * @param decisionMillis the 99th percentile of the time to the decision under full load, in ms (workload
 *     {@code verdict-512})
 */
record MeasuredFigures(String machine, int cores, String run, double decisionsPerSecond, double gateClaimsPerSecond,
        double rowsPerSecond, double issuedMicros, double saleMicros, double soldOutMicros, double decisionMillis) {

    /** Users for each piece of the stock in the workload of {@link #saleMicros}: 5,000 for 500. */
    private static final double USERS_PER_PIECE = 10;

    /** The figures of the published run. */
    static MeasuredFigures published() {
        return of(PublishedRun.load());
    }

    static MeasuredFigures of(PublishedRun run) {
        return new MeasuredFigures(run.machine(), run.cores(), run.commit() + ", " + run.date(),
                run.median("limits", "authority, winners (decisions/s)", "per second"),
                run.median("limits", "EVALSHA 128 claims a run, admits (claims/s)", "per second"),
                run.median("limits", "sink (rows/s)", "per second"),
                run.median("b", PublishedRun.OWN, "CPU of system"),
                run.median("a-warm", PublishedRun.OWN, "CPU of system"),
                run.median("e-keyed", PublishedRun.OWN, "CPU of system"),
                run.median("verdict-512", PublishedRun.OWN, "p99"));
    }

    /**
     * Processor time for a claim that is rejected during the sale, in µs: what the claims of the sale took without the
     * tenth of them that was issued. At least the time after the sell-out.
     */
    double rejectedMicros() {
        double rest = (saleMicros * USERS_PER_PIECE - issuedMicros) / (USERS_PER_PIECE - 1);
        return Math.max(rest, soldOutMicros);
    }

    /** All figures and assumptions of a plan, with their sources. */
    List<Constant> constants() {
        String longSale = "docs/performance.md, a long sale";
        String shares = "docs/performance.md, where the time goes";
        return List.of(
                new Constant("decisions of one stream thread", decisionsPerSecond, "/s", "limits: authority, winners"),
                new Constant("claims through one Redis", gateClaimsPerSecond, "/s",
                        "limits: EVALSHA 128 claims a run, admits"),
                new Constant("rows into one MySQL", rowsPerSecond, "/s", "limits: sink"),
                new Constant("processor time of an issued claim", issuedMicros, "µs", "b: CPU of system"),
                new Constant("processor time of a claim in a sale, 10 users a piece", saleMicros, "µs",
                        "a-warm: CPU of system"),
                new Constant("processor time of a rejected claim in a sale", rejectedMicros(), "µs",
                        "from the two lines before"),
                new Constant("processor time of a claim after the sell-out", soldOutMicros, "µs",
                        "e-keyed: CPU of system"),
                new Constant("time to the decision under full load, p99", decisionMillis, "ms", "verdict-512: p99"),
                new Constant("the ingress's part of an issued claim", CapacityFormulas.INGRESS_PART * 100, "%", shares),
                new Constant("the brokers' part of an issued claim", CapacityFormulas.BROKER_PART * 100, "%", shares),
                new Constant("issued row on MySQL's disk", CapacityFormulas.ROW_BYTES, "B", longSale),
                new Constant("holder in the authority's store", CapacityFormulas.STORE_BYTES, "B", longSale),
                new Constant("holder in Redis", CapacityFormulas.HOLDER_BYTES, "B", "docs/gate.md, memory and sizing"),
                new Constant("request in an ingress's memory", CapacityFormulas.REQUEST_BYTES, "B",
                        "docs/settings.md, FIRSTCOME_REQUESTS_MAX"));
    }
}
