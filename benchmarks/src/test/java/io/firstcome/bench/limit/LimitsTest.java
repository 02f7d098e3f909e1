package io.firstcome.bench.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.bench.servers.RealServers;
import io.firstcome.bench.system.Limit;

@ExtendWith(RealServers.class)
class LimitsTest {

    private static List<Limit> limits = List.of();

    static Stream<Named<Limit>> limits() {
        limits = Limits.all(RealServers.get());
        return limits.stream().map(limit -> Named.of(limit.name(), limit));
    }

    @AfterAll
    static void close() {
        limits.forEach(Limit::close);
    }

    @ParameterizedTest
    @MethodSource("limits")
    void shouldMeasureARound(Limit limit) throws Exception {
        // when
        double figure = limit.round(Duration.ofMillis(300));

        // then
        assertThat(figure).as(limit.name() + " in " + limit.unit()).isPositive();
    }
}
