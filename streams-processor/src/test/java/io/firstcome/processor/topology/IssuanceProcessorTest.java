package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.OutcomeFixture.alreadyIssued;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.processor.continuity.LostState;
import io.firstcome.processor.holder.HolderFilter;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holdings;

class IssuanceProcessorTest {

    private final List<CouponOutcome> observed = new ArrayList<>();
    private final TopologyRun run = new TopologyRun(CouponTopology.build(1, observed::add));

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void shouldDecideCommandsInOrder() {
        // when
        run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice")).send(at(2), issue("r2", "bob"))
                .send(at(3), issue("r3", "alice"));

        // then
        assertThat(run.outcomes()).containsExactly(
                changed("a1", Change.CREATED, couponWithStock(1), at(0)),
                issued("r1", "alice", 1, at(1)),
                rejected("r2", "bob", RejectionReason.SOLD_OUT, at(2)),
                alreadyIssued("r3", "alice", 1, at(3)));
    }

    @Test
    void shouldRepeatIssueForRedeliveredRequest() {
        // given
        run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice"));

        // when
        run.send(at(2), issue("r1", "alice")).send(at(3), issue("r2", "bob"));

        // then
        assertThat(run.outcomes()).endsWith(issued("r1", "alice", 1, at(1)), issued("r1", "alice", 1, at(1)),
                issued("r2", "bob", 2, at(3)));
    }

    @Test
    void shouldKeepCouponsWithCommonPrefixApart() {
        // given
        CouponId c1 = couponId("c1");
        CouponId c11 = couponId("c11");
        run.send(at(0), define("a1", definition(c1, 2))).send(at(0), define("a2", definition(c11, 2)));

        // when
        run.send(at(1), issue("r1", "1u", c1)).send(at(2), issue("r2", "u", c11));

        // then
        assertThat(run.outcomes()).extracting(outcome -> outcome.getClass().getSimpleName())
                .containsExactly("CouponChanged", "CouponChanged", "CouponIssued", "CouponIssued");
        assertThat(run.<Holdings>store(CouponTopology.ISSUED_USERS).get("c1/1u").all().getFirst().requestId()).hasToString("r1");
        assertThat(run.<Holdings>store(CouponTopology.ISSUED_USERS).get("c11/u").all().getFirst().requestId()).hasToString("r2");
    }

    @Test
    void shouldStoreNothingForRejections() {
        // given
        run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice"));
        IssueCounter before = run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).get(COUPON.value());

        // when
        for (int i = 0; i < 50; i++) {
            run.send(at(2 + i), issue("s" + i, "stranger" + i)).send(at(2 + i), issue("x", "x", couponId("x" + i)));
        }

        // then
        assertThat(run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).get(COUPON.value())).isEqualTo(before);
        assertThat(entries(CouponTopology.ISSUED_USERS)).isEqualTo(1);
        assertThat(entries(CouponTopology.ISSUED_COUNTS)).isEqualTo(1);
        assertThat(entries(CouponTopology.COUPONS)).isEqualTo(1);
    }

    @Test
    void shouldNotCreateACouponThatHasHolders() {
        // given
        run.store(CouponTopology.ISSUED_USERS).put("c1/alice", new Holdings(List.of(new Holding(requestId("r1"), 1, at(0)))));

        // then
        assertThatThrownBy(() -> run.send(at(1), define("a1", 1))).hasRootCauseInstanceOf(LostState.class)
                .hasStackTraceContaining("coupon c1 is defined as new, but the stores have holders of it");
    }

    /** Holders are found in the store, whether they are few enough for the filter or not, and whatever was counted. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, HolderFilter.MAX_READ, HolderFilter.MAX_READ + 1})
    void shouldFindHolderStoredBeforeTaskStarted(long issued) {
        // given
        CouponState state = couponWithStock(1_000_000);
        run.store(CouponTopology.COUPONS).put(COUPON.value(), CouponConfig.of(state));
        run.store(CouponTopology.ISSUED_COUNTS).put(COUPON.value(), new IssueCounter(issued, 0, at(0)));
        run.store(CouponTopology.ISSUED_USERS).put("c1/alice", new Holdings(List.of(new Holding(requestId("r1"), 1, at(0)))));

        // when
        run.send(at(1), issue("r2", "bob")).send(at(2), issue("r3", "alice")).send(at(3), issue("r1", "alice"));

        // then
        assertThat(run.outcomes()).containsExactly(issued("r2", "bob", issued + 1, at(1)),
                alreadyIssued("r3", "alice", 1, at(2)), issued("r1", "alice", 1, at(0)));
    }

    @Test
    void shouldPassEveryOutcomeToObserver() {
        // when
        run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice")).send(at(2), issue("r2", "bob"));

        // then
        assertThat(observed).isEqualTo(run.outcomes());
    }

    private int entries(String store) {
        try (var all = run.store(store).all()) {
            int count = 0;
            while (all.hasNext()) {
                all.next();
                count++;
            }
            return count;
        }
    }
}
