package io.firstcome.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holdings;
import io.firstcome.testkit.cases.IssuanceCase;

/** The cases of the policy, through the stores and the topics. */
class TopologyCasesTest {

    @ParameterizedTest
    @MethodSource("io.firstcome.testkit.cases.IssuanceCases#forPolicy")
    void shouldDecideAsInCase(IssuanceCase example) {
        try (var run = new TopologyRun()) {
            // given
            example.given().coupon().ifPresent(
                    coupon -> store(run, coupon, example.given().clock().orElse(Instant.EPOCH)));
            example.given().holders().forEach(holder -> store(run, holder));

            // when
            run.send(example.when().now(), example.when().command());

            // then
            assertThat(run.outcomes()).containsExactly(example.then().policy().orElseThrow());
        }
    }

    private static void store(TopologyRun run, CouponState coupon, Instant clock) {
        String key = coupon.couponId().value();
        run.<CouponConfig>store(CouponTopology.COUPONS).put(key, CouponConfig.of(coupon));
        run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).put(key, new IssueCounter(coupon.issued(), coupon.revoked(), clock));
    }

    private static void store(TopologyRun run, CouponIssued holder) {
        run.<Holdings>store(CouponTopology.ISSUED_USERS).put(
                CouponStoreView.holderKey(holder.couponId(), holder.userId()),
                new Holdings(List.of(new Holding(holder.requestId(), holder.sequence(), holder.issuedAt()))));
    }
}
