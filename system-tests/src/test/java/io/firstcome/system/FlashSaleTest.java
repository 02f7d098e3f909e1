package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.guarantee.Guarantees;

/** Sales through HTTP on real servers. Every sale is checked by all guarantees. */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
class FlashSaleTest {

    private static final AtomicInteger SALES = new AtomicInteger();
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(60);

    @Test
    void shouldSellExactlyTheStock(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 1000, 100, 200);

        // when
        SaleResult sale = FlashSale.run(plan, endpoints, () -> {});

        // then
        Evidence evidence = new StackEvidence(endpoints).of(plan.couponId(), sale.answers());
        Guarantees.assertAllChecked(evidence);
        assertThat(countsByReply(sale)).isEqualTo(Map.of("issued", 100L, "SOLD_OUT", 900L));
        assertThat(evidence.stored().orElseThrow().issues()).hasSize(100);
    }

    @Test
    void shouldIssueOneCouponToEveryUser(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 500, 500, 100);

        // when
        SaleResult sale = FlashSale.run(plan, endpoints, () -> {});

        // then
        Guarantees.assertAllChecked(new StackEvidence(endpoints).of(plan.couponId(), sale.answers()));
        assertThat(countsByReply(sale)).isEqualTo(Map.of("issued", 500L));
    }

    /** Half of the users send two claims. No claim may be rejected as SOLD_OUT before the only coupon is issued. */
    @RepeatedTest(50)
    void shouldIssueTheOnlyCouponOnceDespiteDoubleClaims(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 200, 1, 300).withTwoClaimsOf(100).retryingAfter(RETRY_DELAY);

        // when
        SaleResult sale = FlashSale.run(plan, endpoints, () -> {});

        // then
        Evidence evidence = new StackEvidence(endpoints).of(plan.couponId(), sale.answers());
        Guarantees.assertAllChecked(evidence);
        assertThat(evidence.stored().orElseThrow().issues()).hasSize(1);
        assertThat(countsByReply(sale)).containsEntry("issued", 1L);
        // The other claim of the user who holds the coupon is rejected as ALREADY_ISSUED.
        assertThat(countsByReply(sale).keySet()).isSubsetOf("issued", "SOLD_OUT", "ALREADY_ISSUED");
    }

    @Test
    void shouldDecideTheSameWhenRedisIsFlushedDuringTheSale(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 2000, 300, 100);
        AtomicInteger answered = new AtomicInteger();

        // when
        SaleResult sale;
        try (var redis = new RedisSettings(URI.create(endpoints.redis()), 1, REDIS_TIMEOUT).client()) {
            sale = FlashSale.run(plan, endpoints, () -> {
                if (answered.incrementAndGet() % 200 == 0) {
                    redis.flushAll();
                }
            });
        }

        // then
        Guarantees.assertAllChecked(new StackEvidence(endpoints).of(plan.couponId(), sale.answers()));
        assertThat(countsByReply(sale)).isEqualTo(Map.of("issued", 300L, "SOLD_OUT", 1700L));
    }

    private static CouponId newCoupon() {
        return new CouponId("sale-" + SALES.incrementAndGet());
    }

    private static Map<String, Long> countsByReply(SaleResult sale) {
        List<Reply> replies = sale.lastReplies();
        return replies.stream().collect(Collectors.groupingBy(FlashSaleTest::label, Collectors.counting()));
    }

    private static String label(Reply reply) {
        return switch (reply) {
            case Reply.Issued _ -> "issued";
            case Reply.Rejected(var reason, var _) -> reason.name();
            case Reply.Accepted _ -> "accepted";
            case Reply.InFlight _ -> "in flight";
            case Reply.Uncertain(var what) -> what;
        };
    }
}
