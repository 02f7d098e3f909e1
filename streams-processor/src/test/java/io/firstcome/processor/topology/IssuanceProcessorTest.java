package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static io.firstcome.testkit.fixture.OutcomeFixture.alreadyIssued;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revokeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.continuity.LostState;
import io.firstcome.processor.holder.HolderFilter;
import io.firstcome.processor.issuance.GivenHoldings;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holdings;
import io.firstcome.testkit.cases.IssuanceCase;

class IssuanceProcessorTest {

    private final List<CouponOutcome> observed = new ArrayList<>();
    private final TopologyRun run = new TopologyRun(CouponTopology.build(1, (outcome, _) -> observed.add(outcome)));

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

    @ParameterizedTest
    @MethodSource("io.firstcome.testkit.cases.IssuanceCases#forPolicy")
    void shouldDecideAsInCase(IssuanceCase example) {
        // given
        example.given().coupon().ifPresent(
                coupon -> givenCoupon(coupon, coupon.issued(), example.given().clock().orElse(Instant.EPOCH)));
        GivenHoldings.of(example.given()).forEach((user, holdings) -> users()
                .put(CouponStoreView.holderKey(example.when().command().couponId(), user), holdings));

        // when
        run.send(example.when().now(), example.when().command());

        // then
        assertThat(run.outcomes()).containsExactly(example.then().policy().orElseThrow());
    }

    private void givenCoupon(CouponState coupon, long issued, Instant clock) {
        run.store(CouponTopology.COUPONS).put(coupon.couponId().value(), CouponConfig.of(coupon));
        run.store(CouponTopology.ISSUED_COUNTS).put(coupon.couponId().value(),
                new IssueCounter(issued, coupon.revoked(), clock));
    }

    private KeyValueStore<String, Holdings> users() {
        return run.store(CouponTopology.ISSUED_USERS);
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
        assertThat(users().get("c1/1u").all()).extracting(Holding::requestId).containsExactly(requestId("r1"));
        assertThat(users().get("c11/u").all()).extracting(Holding::requestId).containsExactly(requestId("r2"));
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
        users().put("c1/alice", new Holdings(List.of(new Holding(requestId("r1"), 1, at(0)))));

        // then
        assertThatThrownBy(() -> run.send(at(1), define("a1", 1))).hasRootCauseInstanceOf(LostState.class)
                .hasStackTraceContaining("coupon c1 is defined as new, but the stores have holders of it");
    }

    /** Holders are found in the store, also when there are too many for the filter, and for any count. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, HolderFilter.MAX_READ, HolderFilter.MAX_READ + 1})
    void shouldFindHolderStoredBeforeTaskStarted(long issued) {
        // given
        givenCoupon(couponWithStock(1_000_000), issued, at(0));
        users().put("c1/alice", new Holdings(List.of(new Holding(requestId("r1"), 1, at(0)))));

        // when
        run.send(at(1), issue("r2", "bob")).send(at(2), issue("r3", "alice")).send(at(3), issue("r1", "alice"));

        // then
        assertThat(run.outcomes()).containsExactly(issued("r2", "bob", issued + 1, at(1)),
                alreadyIssued("r3", "alice", 1, at(2)), issued("r1", "alice", 1, at(0)));
    }

    /** The filter keeps a user whose coupon was revoked: a repeated claim must find the revoked issue. */
    @ParameterizedTest
    @ValueSource(longs = {1, HolderFilter.MAX_READ + 1})
    void shouldFindAUserWhoseCouponWasRevoked(long issued) {
        // given
        givenCoupon(couponWithStock(1_000_000), issued, at(0));
        users().put("c1/alice", new Holdings(List.of(new Holding(requestId("r1"), 1, at(0)))));

        // when
        run.send(at(1), revoke("a1", "alice")).send(at(2), issue("r1", "alice")).send(at(3), issue("r2", "alice"))
                .send(at(4), revoke("a1", "alice")).send(at(5), revoke("a2", "bob")).send(at(6), issue("r3", "alice"));

        // then
        assertThat(run.outcomes()).containsExactly(revoked("a1", "alice", 1, "r1", 1, at(1)),
                rejected("r1", "alice", RejectionReason.REVOKED, at(2)),
                issued("r2", "alice", issued + 1, at(3), 2), revoked("a1", "alice", 1, "r1", 1, at(1)),
                revokeRejected("a2", "bob", ChangeRejectionReason.NOT_HELD, at(5)),
                alreadyIssued("r3", "alice", issued + 1, at(6)));
        assertThat(users().get("c1/alice").all()).hasSize(2);
        assertThat(run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).get("c1"))
                .isEqualTo(new IssueCounter(issued + 1, 1, at(3)));
    }

    @Test
    void shouldStoreNothingForRepeatedRevocations() {
        // given
        run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice")).send(at(2), revoke("a2", "alice"));
        Holdings before = users().get("c1/alice");

        // when
        for (int i = 0; i < 50; i++) {
            run.send(at(3 + i), revoke("a2", "alice")).send(at(3 + i), revoke("b" + i, "alice", 1))
                    .send(at(3 + i), revoke("c" + i, "stranger" + i));
        }

        // then
        assertThat(users().get("c1/alice")).isEqualTo(before);
        assertThat(entries(CouponTopology.ISSUED_USERS)).isEqualTo(1);
        assertThat(run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).get("c1"))
                .isEqualTo(new IssueCounter(1, 1, at(2)));
    }

    @Test
    void shouldNameTheVersionThatWroteARecord() {
        // when
        run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice"));

        // then
        assertThat(Stream.of(Topics.OUTCOMES, Topics.STATES).flatMap(topic -> run.records(topic.name()).stream()))
                .hasSizeGreaterThan(3).allSatisfy(record -> assertThat(TopologyRun.header(record, WriterVersion.HEADER))
                        .isEqualTo(BuildVersion.current().version()));
    }

    @Test
    void shouldKeepTheFormatThatRevocationsNeed() {
        // when
        run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice"));
        LogPosition before = run.<LogPosition>store(CouponTopology.LOG_POSITION).get("format");
        run.send(at(2), revoke("a2", "alice"));

        // then
        assertThat(before).isNull();
        assertThat(run.<LogPosition>store(CouponTopology.LOG_POSITION).get("format").next()).isEqualTo(2);
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
