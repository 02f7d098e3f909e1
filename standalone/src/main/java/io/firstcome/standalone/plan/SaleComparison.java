package io.firstcome.standalone.plan;

import java.util.List;
import java.util.Locale;

/**
 * A figure of the published run that was both measured and planned. No figure is planned with itself: the constants
 * come from other workloads of the run.
 *
 * @param workload the workload, with its size
 * @param figure what is compared
 * @param measured the measured rounds
 */
record SaleComparison(String workload, String figure, double[] measured, double planned) {

    /** By how many percent a plan may differ from the median; {@code docs/capacity.md} promises it. */
    static final int BOUND_PERCENT = 20;

    private static final String ANSWERED = "all answered, s";
    private static final String MICROS = "processor time of a claim, µs";

    /** All comparisons. */
    static List<SaleComparison> all(PublishedRun run) {
        MeasuredFigures figures = MeasuredFigures.of(run);
        return List.of(answered(run, "b", figures), answered(run, "c", figures), micros(run, "b", figures),
                micros(run, "c", figures), answered(run, "a-warm", figures), fewConnections(run, figures));
    }

    double median() {
        return PublishedRun.median(measured);
    }

    /** How far the plan is above the measured median, in percent. */
    double difference() {
        return (planned / median() - 1) * 100;
    }

    /** Whether the plan is as near as promised. */
    boolean holds() {
        return Math.abs(difference()) <= BOUND_PERCENT;
    }

    private static SaleComparison answered(PublishedRun run, String id, MeasuredFigures figures) {
        PublishedRun.Size size = run.size(id);
        return new SaleComparison(name(id, size), ANSWERED, run.rounds(id, PublishedRun.OWN, "all answered"),
                CapacityFormulas.answeredAtOnce(size, figures));
    }

    private static SaleComparison micros(PublishedRun run, String id, MeasuredFigures figures) {
        PublishedRun.Size size = run.size(id);
        return new SaleComparison(name(id, size), MICROS, run.rounds(id, PublishedRun.OWN, "CPU of system"),
                CapacityFormulas.microsAtOnce(size, figures));
    }

    /** A plan takes the processor time at 512 connections, also where fewer claims share a transaction. */
    private static SaleComparison fewConnections(PublishedRun run, MeasuredFigures figures) {
        PublishedRun.Size size = run.size("decision-128");
        return new SaleComparison(
                String.format(Locale.ROOT, "`decision-128`: all are issued, %,.0f connections", size.connections()),
                MICROS, run.rounds("decision-128", PublishedRun.OWN, "CPU of system"), figures.micros().issued());
    }

    private static String name(String id, PublishedRun.Size size) {
        return String.format(Locale.ROOT, "`%s`: %,.0f users, %,.0f coupons, %,.0f connections", id, size.users(),
                size.stock(), size.connections());
    }

    /** The name of a test. */
    @Override
    public String toString() {
        return workload + ": " + figure;
    }
}
