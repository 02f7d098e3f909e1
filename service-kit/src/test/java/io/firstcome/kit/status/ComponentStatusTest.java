package io.firstcome.kit.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.json.Json;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.status.ComponentStatus.Level;

class ComponentStatusTest {

    private final Health health = new Health();

    @Test
    void shouldOmitWhatIsNotKnown() {
        // when
        ComponentStatus status = ComponentStatus.of("sink", health).withLag(OptionalLong.empty());

        // then
        assertThat(new String(Json.write(status), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"sink\",\"status\":\"UP\"}");
    }

    @Test
    void shouldBeDegradedWhileNotReady() {
        // given
        health.readyWhen("storing", () -> Optional.of("fails")).readyWhen("group", () -> Optional.of("is empty"));

        // when
        ComponentStatus status = ComponentStatus.of("sink", health).withLag(OptionalLong.of(5));

        // then
        assertThat(status).isEqualTo(new ComponentStatus("sink", Level.DEGRADED, "group is empty; storing fails", 5L,
                null));
    }

    @Test
    void shouldBeDownWhenOnlyARestartHelps() {
        // given
        health.readyWhen("storing", () -> Optional.of("fails")).liveWhen("loop", () -> Optional.of("has ended"));

        // when
        ComponentStatus status = ComponentStatus.of("sink", health);

        // then
        assertThat(status).isEqualTo(ComponentStatus.of("sink", Level.DOWN, "loop has ended"));
    }

    @Test
    void shouldComputeAValueOncePerSecond() {
        // given
        var nanos = new AtomicLong(Long.MAX_VALUE);
        var count = new AtomicInteger();
        var value = new RecentValue<>(count::incrementAndGet, nanos::get);

        // when
        int first = value.get();
        int second = value.get();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        int third = value.get();

        // then
        assertThat(first).isEqualTo(second).isEqualTo(1);
        assertThat(third).isEqualTo(2);
    }
}
