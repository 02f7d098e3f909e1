package io.firstcome.processor.metrics;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.RejectionReason;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class DecisionMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DecisionMetrics metrics = new DecisionMetrics(registry, () -> 10_000);

    @Test
    void shouldCountByKindAndReason() {
        // when
        metrics.decided(issued("r1", "alice", 1, at(1)), 1);
        metrics.decided(rejected("r2", "bob", RejectionReason.SOLD_OUT, at(2)), 2);
        metrics.decided(rejected("r3", "carol", RejectionReason.SOLD_OUT, at(3)), 3);
        metrics.decided(changed("a1", Change.CREATED, couponWithStock(1), at(0)), 4);
        metrics.decided(changeRejected("a2", ChangeRejectionReason.COUPON_CLOSED, at(4)), 5);
        metrics.decided(new CommandInvalid(requestId("r4"), COUPON, "is nonsense", at(5)), 6);

        // then
        assertThat(count("CouponIssued", "NONE")).isEqualTo(1);
        assertThat(count("IssueRejected", "SOLD_OUT")).isEqualTo(2);
        assertThat(count("CouponChanged", "CREATED")).isEqualTo(1);
        assertThat(count("ChangeRejected", "COUPON_CLOSED")).isEqualTo(1);
        assertThat(count("CommandInvalid", "NONE")).isEqualTo(1);
    }

    @Test
    void shouldMeasureTheTimeSinceTheAppend() {
        // given
        Timer delays = registry.get(Meters.DECISION_DELAY.name()).timer();

        // when
        metrics.decided(issued("r1", "alice", 1, at(1)), 9_970);
        metrics.decided(issued("r2", "bob", 2, at(1)), 10_005);

        // then
        assertThat(delays.count()).isEqualTo(2);
        assertThat(delays.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
    }

    private double count(String kind, String reason) {
        return registry.get(Meters.OUTCOMES.name()).tags("kind", kind, "reason", reason).counter().count();
    }
}
