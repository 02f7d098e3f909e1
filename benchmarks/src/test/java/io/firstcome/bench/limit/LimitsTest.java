package io.firstcome.bench.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.bench.servers.RealServers;
import io.firstcome.bench.system.Limit;

@ExtendWith(RealServers.class)
@Tag("measure")
class LimitsTest {

    /** JUnit closes each limit after its test. */
    static Stream<Named<Limit>> limits() {
        return Limits.all(RealServers.get()).stream().map(limit -> Named.of(limit.name(), limit));
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
