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

import io.firstcome.contract.CouponId;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.guarantee.Guarantees;
import redis.clients.jedis.RedisClient;

/** Sales through HTTP on the real parts, each judged by every guarantee. */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
class FlashSaleTest {

    private static final AtomicInteger SALES = new AtomicInteger();
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldSellExactlyTheStock(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 1000, 100, 200);

        // when
        SaleResult sale = FlashSale.run(plan, endpoints, () -> {});

        // then
        Evidence evidence = new StackEvidence(endpoints).of(plan.couponId(), sale.answers());
        Guarantees.assertAllChecked(evidence);
        assertThat(verdicts(sale)).isEqualTo(Map.of("issued", 100L, "SOLD_OUT", 900L));
        assertThat(evidence.stored().orElseThrow().issues()).hasSize(100);
    }

    @Test
    void shouldGiveEverybodyOneWhereThereIsOneForEach(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 500, 500, 100);

        // when
        SaleResult sale = FlashSale.run(plan, endpoints, () -> {});

        // then
        Guarantees.assertAllChecked(new StackEvidence(endpoints).of(plan.couponId(), sale.answers()));
        assertThat(verdicts(sale)).isEqualTo(Map.of("issued", 500L));
    }

    /** Half of the people press twice; nobody may hear "sold out" before the one coupon is given away. */
    @RepeatedTest(50)
    void shouldGiveTheOnlyCouponToOneOfManyWhoPressTwice(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 200, 1, 300).withImpatient(100).retryingAfter(SOON);

        // when
        SaleResult sale = FlashSale.run(plan, endpoints, () -> {});

        // then
        Evidence evidence = new StackEvidence(endpoints).of(plan.couponId(), sale.answers());
        Guarantees.assertAllChecked(evidence);
        assertThat(evidence.stored().orElseThrow().issues()).hasSize(1);
        assertThat(verdicts(sale)).containsEntry("issued", 1L);
        // The winner's other request hears that its user already has one.
        assertThat(verdicts(sale).keySet()).isSubsetOf("issued", "SOLD_OUT", "ALREADY_ISSUED");
    }

    @Test
    void shouldDecideAsEverWhenRedisForgetsEverythingInTheMiddle(Endpoints endpoints) throws Exception {
        // given
        SalePlan plan = SalePlan.of(newCoupon(), 2000, 300, 100);
        AtomicInteger answered = new AtomicInteger();

        // when
        SaleResult sale;
        try (RedisClient redis = new RedisSettings(URI.create(endpoints.redis()), 1, REDIS_PATIENCE).client()) {
            sale = FlashSale.run(plan, endpoints, () -> {
                if (answered.incrementAndGet() % 200 == 0) {
                    redis.flushAll();
                }
            });
        }

        // then
        Guarantees.assertAllChecked(new StackEvidence(endpoints).of(plan.couponId(), sale.answers()));
        assertThat(verdicts(sale)).isEqualTo(Map.of("issued", 300L, "SOLD_OUT", 1700L));
    }

    private static CouponId newCoupon() {
        return new CouponId("sale-" + SALES.incrementAndGet());
    }

    private static Map<String, Long> verdicts(SaleResult sale) {
        List<Reply> replies = sale.verdicts();
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
