package io.firstcome.standalone.plan;

import java.util.List;
import java.util.stream.DoubleStream;

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
 * @param decisionMillis the 99th percentile of the time to the decision under full load, in ms (workload
 *     {@code decision-512})
 * @param rates answers per second of the whole machine
 * @param micros processor time of a claim
 * @param manyCoupons what claims cost that are spread over many coupons
 */
record MeasuredFigures(String machine, int cores, String run, double decisionsPerSecond, double gateClaimsPerSecond,
        double rowsPerSecond, double decisionMillis, Rates rates, Micros micros, ManyCoupons manyCoupons) {

    /** The coupons of workload {@code d}. */
    static final int MANY_COUPONS = 1_000;

    private static final int FEW = 128;
    private static final int MANY = 512;
    private static final String CPU = "CPU of system";

    /**
     * Answers per second in closed loops, when the machine does nothing else.
     *
     * @param decisions128 decisions for callers who wait, over 128 connections (workload {@code decision-128})
     * @param decisions512 the same over 512 connections (workload {@code decision-512} and the maximum of {@code g})
     * @param accepted claims that wait for the log and not for the decision (workload {@code accepted})
     * @param soldOut claims with a key after the sell-out, which the sold-out cache rejects (workload {@code e-keyed})
     */
    record Rates(double decisions128, double decisions512, double accepted, double soldOut) {}

    /**
     * Processor time of services and broker for a claim, in µs.
     *
     * @param issued a claim that waits for its decision and is issued (workload {@code decision-512})
     * @param accepted a claim that waits for the log only (workload {@code accepted})
     * @param soldOut a claim with a key that the sold-out cache rejects (workload {@code e-keyed})
     */
    record Micros(double issued, double accepted, double soldOut) {}

    /**
     * Claims for {@link #MANY_COUPONS} coupons that wait for their decision (workload {@code d}). Few of them share a
     * transaction.
     *
     * @param decisions decisions per second of the whole machine
     * @param micros processor time of a claim, in µs
     */
    record ManyCoupons(double decisions, double micros) {}

    /**
     * A figure that formulas use and that was measured or assumed before.
     *
     * @param source the workload of {@code docs/performance.json}, the page that states the figure, or the assumption
     */
    record Constant(String name, double value, String unit, String source) {}

    /** The figures of the published run. */
    static MeasuredFigures published() {
        return of(PublishedRun.load());
    }

    static MeasuredFigures of(PublishedRun run) {
        String own = PublishedRun.OWN;
        // Both measure the same load, in different parts of the run.
        double decisions512 = PublishedRun.median(DoubleStream.concat(
                DoubleStream.of(run.rounds("decision-512", own, "decisions")),
                DoubleStream.of(run.rounds("g", own, "maximum"))).toArray());
        return new MeasuredFigures(run.machine(), run.cores(), run.commit() + ", " + run.date(),
                run.median("limits", "authority, winners (decisions/s)", "per second"),
                run.median("limits", "EVALSHA 128 claims a run, admits (claims/s)", "per second"),
                run.median("limits", "sink (rows/s)", "per second"),
                run.median("decision-512", own, "p99"),
                new Rates(run.median("decision-128", own, "decisions"), decisions512,
                        run.median("accepted", own, "accepted"), run.median("e-keyed", own, "rejected")),
                new Micros(run.median("decision-512", own, CPU), run.median("accepted", own, CPU),
                        run.median("e-keyed", own, CPU)),
                new ManyCoupons(run.median("d", own, "decisions"), run.median("d", own, CPU)));
    }

    /** The figures for a sale of so many coupons. Only {@link #MANY_COUPONS} and one coupon were measured. */
    MeasuredFigures forCoupons(long coupons) {
        return coupons < MANY_COUPONS
                ? this
                : new MeasuredFigures(machine, cores, run, decisionsPerSecond, gateClaimsPerSecond, rowsPerSecond,
                        decisionMillis,
                        new Rates(manyCoupons.decisions(), manyCoupons.decisions(), rates.accepted(), rates.soldOut()),
                        new Micros(manyCoupons.micros(), micros.accepted(), micros.soldOut()), manyCoupons);
    }

    /**
     * Decisions per second for callers who wait over some connections. The time of a claim is taken as a straight line
     * between the two numbers of connections that were measured; beyond them the nearer one counts.
     */
    double awaitedDecisionsPerSecond(double connections) {
        double between = Math.clamp(connections, FEW, MANY);
        double few = FEW / rates.decisions128();
        double many = MANY / rates.decisions512();
        return between / (few + (many - few) * (between - FEW) / (MANY - FEW));
    }

    /**
     * Processor time of a claim that is rejected after the ingress has asked the gate, in µs, at most: the ingress's
     * part of an accepted claim, which asks the gate too, and then also appends the claim to the log.
     */
    double askedMicros() {
        return micros.accepted() * CapacityFormulas.INGRESS_PART;
    }

    /** Rejections per second when each asks the gate, at least; see {@link #askedMicros}. */
    double askedPerSecond() {
        return rates.accepted() / CapacityFormulas.INGRESS_PART;
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
                new Constant("decisions for callers who wait, 128 connections", rates.decisions128(), "/s",
                        "decision-128: decisions"),
                new Constant("decisions for callers who wait, 512 connections", rates.decisions512(), "/s",
                        "decision-512: decisions, and g: maximum"),
                new Constant("decisions for callers who wait, 1,000 coupons and more", manyCoupons.decisions(), "/s",
                        "d: decisions"),
                new Constant("claims accepted into the log", rates.accepted(), "/s", "accepted: accepted"),
                new Constant("claims rejected by the sold-out cache", rates.soldOut(), "/s", "e-keyed: rejected"),
                new Constant("processor time of an issued claim", micros.issued(), "µs", "decision-512: CPU of system"),
                new Constant("processor time of an issued claim, 1,000 coupons and more", manyCoupons.micros(), "µs",
                        "d: CPU of system"),
                new Constant("processor time of an accepted claim", micros.accepted(), "µs", "accepted: CPU of system"),
                new Constant("processor time of a claim rejected by the gate", askedMicros(), "µs",
                        "at most the ingress's part of an accepted claim"),
                new Constant("processor time of a claim that this cache rejects", micros.soldOut(), "µs",
                        "e-keyed: CPU of system"),
                new Constant("time to the decision under full load, p99", decisionMillis, "ms", "decision-512: p99"),
                new Constant("the ingress's part of an issued claim", CapacityFormulas.INGRESS_PART * 100, "%", shares),
                new Constant("the brokers' part of an issued claim", CapacityFormulas.BROKER_PART * 100, "%", shares),
                new Constant("the part of an ingress's readers", CapacityFormulas.READER_PART * 100, "%",
                        "docs/performance.md, claims that wait"),
                new Constant("issued row on MySQL's disk", CapacityFormulas.ROW_BYTES, "B", longSale),
                new Constant("holder in the authority's store", CapacityFormulas.STORE_BYTES, "B", longSale),
                new Constant("holder in Redis", CapacityFormulas.HOLDER_BYTES, "B", "docs/gate.md, memory and sizing"),
                new Constant("request in an ingress's memory", CapacityFormulas.REQUEST_BYTES, "B",
                        "docs/settings.md, FIRSTCOME_REQUESTS_MAX"));
    }
}
