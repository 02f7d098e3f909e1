package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponStatus;
import io.firstcome.processor.continuity.LogContinuity;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holdings;

class ArchivePurgeTest {

    @Test
    void shouldForgetHoldersInSteps() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice"));
            givenHolders(run, COUPON.value(), ArchivePurge.MAX_PER_STEP);
            givenHolders(run, "other", 1);

            // when
            run.send(CLOSES_AT, new ArchiveCoupon(requestId("a2"), COUPON));
            long atOnce = holders(run);
            run.pass(ArchivePurge.INTERVAL);
            long afterOneStep = holders(run);
            run.pass(ArchivePurge.INTERVAL);
            long atTheEnd = holders(run);

            // then
            assertThat(atOnce).isEqualTo(ArchivePurge.MAX_PER_STEP + 2);
            assertThat(afterOneStep).isEqualTo(2);
            assertThat(atTheEnd).as("the holder of the other coupon").isEqualTo(1);
        }
    }

    @Test
    void shouldContinueAfterARestart() {
        try (var run = new TopologyRun(CouponTopology.build(1, RestartingTask::new))) {
            // given
            run.<CouponConfig>store(CouponTopology.COUPONS).put(COUPON.value(),
                    new CouponConfig(definition(5), CouponStatus.ARCHIVED, 2));
            run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).put(COUPON.value(), new IssueCounter(5, 0, at(1)));
            run.<LogPosition>store(CouponTopology.LOG_POSITION).put(LogContinuity.KEY, new LogPosition("new", 0));
            givenHolders(run, COUPON.value(), 2);

            // when
            run.send(at(2), issue("any", "record"));
            run.pass(ArchivePurge.INTERVAL);

            // then
            assertThat(holders(run)).isZero();
        }
    }

    @Test
    void shouldKeepTheCounts() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice"));

            // when
            run.send(CLOSES_AT, new ArchiveCoupon(requestId("a2"), COUPON));
            run.pass(ArchivePurge.INTERVAL);

            // then
            assertThat(run.states().getLast().issued()).isEqualTo(1);
            assertThat(holders(run)).isZero();
        }
    }

    private static void givenHolders(TopologyRun run, String coupon, int count) {
        KeyValueStore<String, Holdings> store = run.store(CouponTopology.ISSUED_USERS);
        IntStream.range(0, count).forEach(i -> store.put(couponId(coupon) + "/u" + i,
                new Holdings(List.of(new Holding(requestId("r" + i), i + 1, at(1))))));
    }

    private static long holders(TopologyRun run) {
        try (var all = run.<Holdings>store(CouponTopology.ISSUED_USERS).all()) {
            long count = 0;
            for (; all.hasNext(); all.next()) {
                count++;
            }
            return count;
        }
    }
}
