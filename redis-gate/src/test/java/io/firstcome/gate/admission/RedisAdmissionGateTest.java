package io.firstcome.gate.admission;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.soldOutCoupon;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.LimitReached;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.GateData;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class RedisAdmissionGateTest {

    private static final GateSettings SETTINGS = GateSettings.from(Map.of());

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private final GateData data = new GateData(REDIS.client(), COUPON);
    private Instant now = at(10);
    private Duration skew = SETTINGS.skew();
    private final RedisAdmissionGate gate = new RedisAdmissionGate(
            RedisSettings.from(REDIS.environment()).with(1, Duration.ofSeconds(30)),
            SETTINGS, "this-log", () -> now, () -> skew, new SimpleMeterRegistry());

    @BeforeEach
    void empty() {
        REDIS.client().flushAll();
    }

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void shouldReturnTheStoredIssueToAHolder() {
        // given
        data.facts("this-log", couponWithStock(3)).holder("u1", 1, at(5), "r1");

        // then
        assertThat(admit("u1", "r2")).isEqualTo(new AlreadyIssued(1, requestId("r1"), at(5)));
    }

    @Test
    void shouldAdmitTheSameRequestAgainButNotASecondOne() {
        // given
        data.facts("this-log", couponWithStock(1));
        assertThat(admit("u1", "r1")).isEqualTo(new Admitted());

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Admitted());
        assertThat(admit("u1", "r2")).isEqualTo(new InFlight(requestId("r1")));
        assertThat(admit("u2", "r3")).isEqualTo(new Full());
    }

    @Test
    void shouldAdmitAReservedRequestAgainAfterAPause() {
        // given
        data.facts("this-log", couponWithStock(1));
        admit("u1", "r1");

        // when
        data.facts("this-log", new CouponState(couponWithStock(1).definition(), CouponStatus.PAUSED, 2, 0));

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Admitted());
    }

    @Test
    void shouldFreeTheCouponWhenItsReservationExpires() {
        // given
        data.facts("this-log", couponWithStock(1));
        admit("u1", "r1");

        // when
        data.reservation("u1", "r1", Instant.now());

        // then
        assertThat(admit("u2", "r2")).isEqualTo(new Admitted());
        assertThat(REDIS.client().hgetAll("fc:{c1}:requests")).isEqualTo(Map.of("u2", "r2"));
    }

    /** The first sending of the claim may still be on its way from an ingress whose clock is right. */
    @Test
    void shouldKeepTheReservationsOfOthersWhenItsClockIsFast() {
        // given
        data.facts("this-log", couponWithStock(1));
        admit("u1", "r1");

        // when
        now = now.plusSeconds(30);
        skew = SETTINGS.skew().plusSeconds(30);
        data.facts("this-log", new CouponState(couponWithStock(1).definition(), CouponStatus.PAUSED, 2, 0));

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Admitted());
    }

    /** A reservation whose claim never reaches the log must not block its place for hours. */
    @Test
    void shouldNotReserveLongerWithAWrongClock() {
        // given
        data.facts("this-log", couponWithStock(1));

        // when
        now = now.plus(Duration.ofHours(9));
        skew = SETTINGS.skew().plus(Duration.ofHours(9));
        admit("u1", "r1");

        // then
        Instant end = Instant.ofEpochMilli(REDIS.client().zscore("fc:{c1}:inflight", "u1").longValue());
        assertThat(end).isBefore(Instant.now().plus(SETTINGS.reservation()).plusMillis(1));
        assertThat(REDIS.client().pttl("fc:{c1}:inflight")).isBetween(1L, SETTINGS.reservation().toMillis());
    }

    @Test
    void shouldNotCountExpiredReservationsBeforeTheSweep() {
        // given
        data.facts("this-log", couponWithStock(600));
        for (int i = 0; i < 600; i++) {
            data.reservation("gone-" + i, "gone-" + i, at(5));
        }

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Admitted());
        assertThat(REDIS.client().zcard("fc:{c1}:inflight")).isEqualTo(101);
    }

    @Test
    void shouldExpireReservationKeysWithoutAnOutcome() {
        // given
        data.facts("this-log", couponWithStock(1));

        // when
        admit("u1", "r1");

        // then
        assertThat(REDIS.client().pttl("fc:{c1}:inflight")).isBetween(1L, SETTINGS.reservation().toMillis());
        assertThat(REDIS.client().pttl("fc:{c1}:requests")).isBetween(1L, SETTINGS.reservation().toMillis());
    }

    @Test
    void shouldAnswerColdForFactsOfAnotherLog() {
        // given
        data.facts("another-log", soldOutCoupon(1)).holders(1);

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Cold());
    }

    @Test
    void shouldAnswerColdWhileItsVersionIsBehindTheCaller() {
        // given
        data.facts("this-log", soldOutCoupon(1)).holders(1);
        CouponState restocked = new CouponState(couponWithStock(5).definition(), CouponStatus.ACTIVE, 2, 1);

        // then
        assertThat(admit(restocked, "u1", "r1")).isEqualTo(new Cold());
        assertThat(admit(soldOutCoupon(1), "u1", "r1")).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));
    }

    @Test
    void shouldAnswerColdWhileAHolderIsMissing() {
        // given
        data.facts("this-log", soldOutCoupon(3)).holders(2);

        // then
        assertThat(admit(soldOutCoupon(3), "u1", "r1")).isEqualTo(new Cold());
        data.holders(3);
        assertThat(admit(soldOutCoupon(3), "u1", "r1")).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));
    }

    @Test
    void shouldAnswerColdWhileTheCallerKnowsMoreIssues() {
        // given
        data.facts("this-log", new CouponState(couponWithStock(3).definition(), CouponStatus.PAUSED, 1, 0)).holders(1);

        // then
        assertThat(admit(couponWithStock(3).withIssued(2), "u1", "r1")).isEqualTo(new Cold());
    }

    @Test
    void shouldCountHoldersThatTheFactsDoNotCountYet() {
        // given
        data.facts("this-log", couponWithStock(2)).holders(2);

        // then
        assertThat(admit("u1", "r1")).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));
    }

    @Test
    void shouldNotCountAReservationTwiceOnceItIsIssued() {
        // given
        data.facts("this-log", couponWithStock(3)).reservation("winner", "r0", Instant.now().plusSeconds(600));
        CouponState known = couponWithStock(3).withIssued(1);

        // then
        assertThat(admit(known, "u1", "r1")).isEqualTo(new Admitted());
        assertThat(admit(known, "u2", "r2")).isEqualTo(new Admitted());
        assertThat(admit(known, "u3", "r3")).isEqualTo(new Full());
    }

    @Test
    void shouldAnswerColdForAnUnreadableHolderEntry() {
        // given
        data.facts("this-log", couponWithStock(1));
        REDIS.client().hset("fc:{c1}:issued", "u1", "garbage");

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Cold());
    }

    @ParameterizedTest
    @ValueSource(strings = {"facts", "issued", "inflight", "requests"})
    void shouldAnswerColdForAKeyOfAnotherType(String key) {
        // given
        data.facts("this-log", couponWithStock(1));
        REDIS.client().del("fc:{c1}:" + key);
        REDIS.client().set("fc:{c1}:" + key, "neither a hash nor a sorted set");

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Cold());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "stock", "issued", "revoked", "perUser", "opensAt", "closesAt"})
    void shouldAnswerColdForAFactThatIsNoNumber(String fact) {
        // given
        data.facts("this-log", couponWithStock(1));
        REDIS.client().hset("fc:{c1}:facts", fact, "many");

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Cold());
    }

    @Test
    void shouldAdmitAUserBelowTheLimit() {
        // given
        data.facts("this-log", perUser(2, 5)).holder("u1", 1, at(5), "r1");

        // then
        assertThat(admit("u1", "r2")).isEqualTo(new Admitted());
        assertThat(admit("u1", "r3")).isEqualTo(new InFlight(requestId("r2")));
    }

    @Test
    void shouldAnswerLimitReachedWithTheSequences() {
        // given
        data.facts("this-log", perUser(2, 20).withIssued(12))
                .several(Map.of("u1", List.of("12:5000:r12", "3:5000:r3")), List.of());

        // then
        assertThat(admit("u1", "r4")).isEqualTo(new LimitReached(List.of(3L, 12L)));
        assertThat(admit("u1", "r12")).isEqualTo(new AlreadyIssued(12, requestId("r12"), Instant.ofEpochSecond(5)));
    }

    @Test
    void shouldReopenAHolderWhenTheLimitIsRaised() {
        // given
        data.facts("this-log", couponWithStock(5)).holder("u1", 1, at(5), "r1");
        assertThat(admit("u1", "r2")).isInstanceOf(AlreadyIssued.class);

        // when
        data.facts("this-log", perUser(2, 5));

        // then
        assertThat(admit("u1", "r2")).isEqualTo(new Admitted());
    }

    @Test
    void shouldAnswerSoldOutToAHolderBelowTheLimit() {
        // given
        data.facts("this-log", perUser(2, 1).withIssued(1)).holder("u1", 1, at(5), "r1");

        // then
        assertThat(admit("u1", "r2")).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));
        assertThat(admit("u1", "r1")).isEqualTo(new AlreadyIssued(1, requestId("r1"), at(5)));
    }

    @Test
    void shouldAdmitAfterARevocationThatTheFactsDoNotCountYet() {
        // given
        data.facts("this-log", soldOutCoupon(1)).several(Map.of(), List.of(1L));

        // then
        assertThat(admit("u2", "r2")).isEqualTo(new Admitted());
    }

    @Test
    void shouldTellThatASoldOutCouponHasReservations() {
        // given
        data.facts("this-log", soldOutCoupon(1)).holder("u1", 1, at(5), "r1")
                .reservation("u2", "r2", Instant.parse("2096-01-01T00:00:00Z"));

        // then
        assertThat(admit("u3", "r3")).isEqualTo(Rejected.soldOut(true));
    }

    @Test
    void shouldNotTakeTheEndOfAnotherRequestForTheRequest() {
        // given
        data.facts("this-log", perUser(2, 20).withIssued(1)).holder("u1", 1, at(5), "first-r1");

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Admitted());
    }

    @Test
    void shouldAdmitAfterARevocationOfASoldOutCoupon() {
        // given
        data.facts("this-log", soldOutCoupon(2)).holder("u1", 1, at(5), "r1").holder("u2", 2, at(5), "r2");
        assertThat(admit("u3", "r3")).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));

        // when
        REDIS.client().hdel("fc:{c1}:issued", "u1");
        data.facts("this-log", soldOutCoupon(2).withRevoked(1)).several(Map.of(), List.of(1L));

        // then
        assertThat(admit("u3", "r3")).isEqualTo(new Admitted());
        assertThat(admit("u4", "r4")).isEqualTo(new Full());
        assertThat(admit("u2", "r5")).isEqualTo(new AlreadyIssued(2, requestId("r2"), at(5)));
    }

    @Test
    void shouldRejectNoClaimOnACouponThatTheCallerKnowsRevoked() {
        // given
        data.facts("this-log", soldOutCoupon(2)).holder("u1", 1, at(5), "r1").holder("u2", 2, at(5), "r2");
        CouponState known = soldOutCoupon(2).withRevoked(1);

        // then: one of the two entries is the revoked one
        assertThat(admit(known, "u1", "r4")).isEqualTo(new Cold());
        assertThat(admit(known, "u1", "r1")).isEqualTo(new Cold());
        assertThat(admit(known, "u3", "r3")).isEqualTo(new Full());
    }

    @Test
    void shouldAnswerColdWhileAStateCountsARevocationThatIsMissing() {
        // given: the state was read before the outcomes of sequences 1 (revoked) and 3
        data.facts("this-log", soldOutCoupon(2).withRevoked(1).withIssued(3)).holder("u1", 1, at(5), "r1")
                .holder("u2", 2, at(5), "r2");

        // then
        assertThat(admit("u3", "r4")).isEqualTo(new Cold());
    }

    @Test
    void shouldReadFactsOfAnEarlierRelease() {
        // given
        data.facts("this-log", soldOutCoupon(1)).holder("u1", 1, at(5), "r1");
        REDIS.client().hdel("fc:{c1}:facts", "revoked", "perUser", "reclaim");

        // then
        assertThat(admit(soldOutCoupon(1), "u1", "r2")).isEqualTo(new AlreadyIssued(1, requestId("r1"), at(5)));
        assertThat(admit(soldOutCoupon(1), "u2", "r3")).isEqualTo(Rejected.of(RejectionReason.SOLD_OUT));
    }

    @Test
    void shouldAnswerColdForACountOfEntriesThatIsNoNumber() {
        // given
        data.facts("this-log", couponWithStock(1));
        REDIS.client().hset("fc:{c1}:issued", "#", "many");

        // then
        assertThat(admit("u1", "r1")).isEqualTo(new Cold());
    }

    private static CouponState perUser(int limit, long stock) {
        CouponDefinition one = couponWithStock(stock).definition();
        return new CouponState(new CouponDefinition(one.couponId(), one.name(), stock, one.opensAt(), one.closesAt(),
                limit, true), CouponStatus.ACTIVE, 1, 0);
    }

    private AdmissionOutcome admit(String user, String request) {
        return admit(couponWithStock(1), user, request);
    }

    private AdmissionOutcome admit(CouponState known, String user, String request) {
        return gate.admit(new AdmissionRequest(known, userId(user), requestId(request))).toCompletableFuture().join();
    }
}
