package io.firstcome.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.firstcome.bench.report.Figure;
import io.firstcome.bench.report.Metric;

class InterleavingTest {

    @Test
    void shouldAlternateBetweenTheParticipants() throws Exception {
        // given
        List<String> order = new ArrayList<>();

        // when
        Interleaving.run(List.of("A", "B"), true, 2, (participant, number) -> order.add(participant + number));

        // then
        assertThat(order).containsExactly("A0", "B0", "A1", "B1", "A2", "B2");
    }

    @Test
    void shouldNotRecordTheWarmUpRound() throws Exception {
        // given
        Metric metric = Metric.rate("answers");
        Figures figures = new Figures();

        // when
        Interleaving.run(List.of("A"), true, 2,
                (participant, number) -> figures.of("e", participant, number).accept(metric, number * 10.0));

        // then
        assertThat(figures.all()).containsExactly(new Figure("e", "A", metric, List.of(10.0, 20.0)));
    }
}
