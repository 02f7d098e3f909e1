package io.firstcome.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.demo.FlashSale.UserClaim;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;

class LatencyTest {

    private static final CouponId COUPON = new CouponId("c");

    @Test
    void shouldComputeQuantilesOfTheLatency() {
        // given
        List<UserClaim> claims = IntStream.rangeClosed(1, 100).mapToObj(LatencyTest::answeredAfterMillis).toList();

        // when
        var sale = new SaleResult(SalePlan.of(COUPON, 100, 1, 1), claims, Duration.ofSeconds(1));

        // then
        assertThat(sale.latency(0.50)).contains(Duration.ofMillis(50));
        assertThat(sale.latency(0.99)).contains(Duration.ofMillis(99));
        assertThat(sale.latency(1.0)).contains(Duration.ofMillis(100));
        assertThat(sale.issuedCount()).isEqualTo(100);
    }

    @Test
    void shouldHaveNoLatencyWithoutClaims() {
        // given
        var sale = new SaleResult(SalePlan.of(COUPON, 1, 1, 1), List.of(), Duration.ZERO);

        // when
        Optional<Duration> latency = sale.latency(0.5);

        // then
        assertThat(latency).isEmpty();
    }

    private static UserClaim answeredAfterMillis(int millis) {
        Instant sent = Instant.EPOCH;
        var answer = new Answer(new RequestId("r" + millis), COUPON, new UserId("u" + millis), Reply.issued(millis),
                sent,
                sent.plusMillis(millis));
        return new UserClaim(List.of(answer), Duration.ofMillis(millis));
    }
}
