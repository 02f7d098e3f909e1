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
 * @param claim by how many percent the plan may differ from the median; 0 when {@code docs/capacity.md} claims nothing
 */
record SaleComparison(String workload, String figure, double[] measured, double planned, int claim) {

    private static final String ANSWERED = "all answered, s";
    private static final String MICROS = "processor time of a claim, µs";

    /** All comparisons. {@code docs/capacity.md} gives the reasons for claims above 20 %, and for none. */
    static List<SaleComparison> all(PublishedRun run) {
        MeasuredFigures figures = MeasuredFigures.of(run);
        return List.of(answered(run, "b", figures, 20), answered(run, "c", figures, 20), micros(run, "b", figures),
                micros(run, "c", figures), answered(run, "a-warm", figures, 40), manyCoupons(run, figures));
    }

    double median() {
        return PublishedRun.median(measured);
    }

    /** How far the plan is above the measured median, in percent. */
    double difference() {
        return (planned / median() - 1) * 100;
    }

    /** Whether the plan is as near as claimed. */
    boolean holds() {
        return claim == 0 || Math.abs(difference()) <= claim;
    }

    private static SaleComparison answered(PublishedRun run, String id, MeasuredFigures figures, int claim) {
        PublishedRun.Size size = run.size(id);
        return new SaleComparison(name(id, size), ANSWERED, run.rounds(id, PublishedRun.OWN, "all answered"),
                CapacityFormulas.answeredAtOnce(size, figures), claim);
    }

    private static SaleComparison micros(PublishedRun run, String id, MeasuredFigures figures) {
        PublishedRun.Size size = run.size(id);
        return new SaleComparison(name(id, size), MICROS, run.rounds(id, PublishedRun.OWN, "CPU of system"),
                CapacityFormulas.microsAtOnce(size, figures), 20);
    }

    private static SaleComparison manyCoupons(PublishedRun run, MeasuredFigures figures) {
        PublishedRun.Size size = run.size("d");
        return new SaleComparison(String.format(Locale.ROOT, "`d`: many coupons, %,.0f connections",
                size.connections()),
                "decisions, /s", run.rounds("d", PublishedRun.OWN, "verdicts"),
                figures.verdictsPerSecond(size.connections()), 0);
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
