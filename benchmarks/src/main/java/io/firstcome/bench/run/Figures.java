package io.firstcome.bench.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.firstcome.bench.report.Figure;
import io.firstcome.bench.report.Metric;

/** Collects the values of all rounds. */
final class Figures {

    private final Map<Key, List<Double>> values = new LinkedHashMap<>();

    private record Key(String workload, String system, Metric metric) {}

    /** Receives the values of one round; those of the warm-up round are dropped. */
    BiConsumer<Metric, Double> of(String workload, String system, int round) {
        return round == 0
                ? (_, _) -> {}
                : (metric, value) -> values
                        .computeIfAbsent(new Key(workload, system, metric), _ -> new ArrayList<>()).add(value);
    }

    List<Figure> all() {
        return values.entrySet().stream().map(entry -> new Figure(entry.getKey().workload(),
                entry.getKey().system(), entry.getKey().metric(), entry.getValue())).toList();
    }
}
