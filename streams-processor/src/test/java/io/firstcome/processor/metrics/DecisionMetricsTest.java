package io.firstcome.processor;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.RejectionReason;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class OutcomeMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shouldCountByKindAndReason() {
        // given
        var metrics = new OutcomeMetrics(registry);

        // when
        metrics.accept(issued("r1", "alice", 1, at(1)));
        metrics.accept(rejected("r2", "bob", RejectionReason.SOLD_OUT, at(2)));
        metrics.accept(rejected("r3", "carol", RejectionReason.SOLD_OUT, at(3)));
        metrics.accept(changed("a1", Change.CREATED, couponWithStock(1), at(0)));
        metrics.accept(changeRejected("a2", ChangeRejectionReason.COUPON_CLOSED, at(4)));
        metrics.accept(new CommandInvalid(requestId("r4"), COUPON, "is nonsense", at(5)));

        // then
        assertThat(count("CouponIssued", "NONE")).isEqualTo(1);
        assertThat(count("IssueRejected", "SOLD_OUT")).isEqualTo(2);
        assertThat(count("CouponChanged", "CREATED")).isEqualTo(1);
        assertThat(count("ChangeRejected", "COUPON_CLOSED")).isEqualTo(1);
        assertThat(count("CommandInvalid", "NONE")).isEqualTo(1);
    }

    private double count(String kind, String reason) {
        return registry.get(Meters.OUTCOMES.name()).tags("kind", kind, "reason", reason).counter().count();
    }
}
