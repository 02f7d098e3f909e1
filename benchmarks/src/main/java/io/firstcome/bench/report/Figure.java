package io.firstcome.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One metric of one system under one workload.
 *
 * @param rounds the values of all rounds in their order, without warm-up
 */
public record Figure(String workload, String system, Metric metric, List<Double> rounds) {

    public Figure {
        rounds = List.copyOf(rounds);
    }

    /** The median of the rounds. */
    public double median() {
        List<Double> sorted = rounds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double min() {
        return rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    public double max() {
        return rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /**
     * This figure divided by another, round by round. Rounds with the same number ran next to each other, so that a
     * disturbance of the machine changes the ratio less than either figure.
     */
    public Figure ratioTo(Figure reference) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(rounds.size(), reference.rounds.size()); i++) {
            ratios.add(rounds.get(i) / reference.rounds.get(i));
        }
        return new Figure(workload, system, Metric.count("× " + reference.system), ratios);
    }
}
