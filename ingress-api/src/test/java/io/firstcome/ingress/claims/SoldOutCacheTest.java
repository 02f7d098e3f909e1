package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.ingress.claims.ClaimRoutes.AppendDelays;
import io.firstcome.ingress.claims.SoldOutCache.UnreservedClaim;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.testing.Campaign;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class SoldOutCacheTest {

    private static final UserId LOSER = new UserId("loser");

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong readTo = new AtomicLong(Duration.ofHours(1).toNanos());
    private final Campaign campaign = Campaign.openForLong();
    private final CouponState soldOut = campaign.state(1, 2, 2);
    private final CouponRegistry registry = new CouponRegistry(_ -> {});
    private final CouponHolders holders = new CouponHolders(1000);
    private final List<HolderPage> pages = new ArrayList<>();
    private final Set<CouponId> failing = new HashSet<>();
    private final HolderFill fill = new HolderFill(registry, holders,
            (couponId, _) -> failing.contains(couponId)
                    ? CompletableFuture.failedFuture(new IllegalStateException("thrown by the test"))
                    : CompletableFuture.completedFuture(pages.removeFirst()),
            InstantSource.system(),
            new SimpleMeterRegistry());
    private final RequestTracker requests = new RequestTracker(RequestSettings.from(Map.of()), System::nanoTime,
            (_, _) -> {});
    private final SoldOutCache cache = new SoldOutCache(holders, fill, requests,
            new AppendDelays(Duration.ofSeconds(10), Duration.ofSeconds(2)),
            (_, moment) -> moment - readTo.get() <= 0,
            nanos::get);

    @AfterEach
    void stop() {
        fill.close();
    }

    @Test
    void shouldRejectAKeyOnceNoReservationIsLeft() {
        // given
        issueAll();
        boolean before = cache.mayReject(soldOut, LOSER, true);

        // when
        cache.noReservationLeft(soldOut);
        boolean atOnce = cache.mayReject(soldOut, LOSER, true);
        pass(Duration.ofSeconds(2));

        // then
        assertThat(before).isFalse();
        assertThat(atOnce).as("a sending may outlive its reservation").isFalse();
        assertThat(cache.mayReject(soldOut, LOSER, true)).isTrue();
        assertThat(cache.mayReject(soldOut, new UserId("u1"), true)).isFalse();
        assertThat(cache.mayReject(campaign.state(2, 2, 2), LOSER, true)).as("a later version").isFalse();
    }

    @Test
    void shouldNotRejectAKeyOfANewSellOutAtOnce() {
        // given
        settle();
        assertThat(cache.mayReject(soldOut, LOSER, true)).isTrue();
        holders.apply(campaign.issued("r3", "u3", 3));

        // when: a revocation freed a place, and a claim took the place
        CouponState again = soldOut.withRevoked(1).withIssued(3);

        // then: a sending from between the two may be on its way
        assertThat(cache.mayReject(again, LOSER, true)).isFalse();
        assertThat(cache.mayReject(again, LOSER, false)).isTrue();
        pass(Duration.ofSeconds(11));
        assertThat(cache.mayReject(again, LOSER, true)).isTrue();
    }

    @Test
    void shouldRejectAKeyAfterTheLongestSending() {
        // given
        issueAll();
        cache.mayReject(soldOut, LOSER, true);

        // when
        pass(Duration.ofSeconds(11));

        // then
        assertThat(cache.mayReject(soldOut, LOSER, true)).isTrue();
    }

    @Test
    void shouldNotRejectAKeyWhileAClaimWithoutReservationIsUndecided() {
        // given
        settle();
        IssueRejected outcome = campaign.rejected("r9", "u9", RejectionReason.SOLD_OUT);
        var claim = new IssueCoupon(outcome.requestId(), outcome.couponId(), outcome.userId());

        // when
        UnreservedClaim sent = cache.sendingUnreserved(claim);
        boolean whileSent = cache.mayReject(soldOut, LOSER, true);
        requests.record(claim, outcome.decidedAt());
        sent.acknowledged();
        boolean whileUndecided = cache.mayReject(soldOut, LOSER, true);
        requests.record(outcome);

        // then
        assertThat(whileSent).isFalse();
        assertThat(whileUndecided).isFalse();
        assertThat(cache.mayReject(soldOut, LOSER, true)).isTrue();
    }

    @Test
    void shouldNotRejectAKeyAfterAClaimWithUnknownFate() {
        // given
        settle();

        // when
        cache.sendingUnreserved(new IssueCoupon(new RequestId("r9"), soldOut.couponId(), new UserId("u9")));
        pass(Duration.ofSeconds(9));

        // then
        assertThat(cache.mayReject(soldOut, LOSER, true)).isFalse();
        assertThat(cache.mayReject(soldOut, LOSER, false)).as("without a key").isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(cache.mayReject(soldOut, LOSER, true)).isTrue();
    }

    @Test
    void shouldNotRejectANewClaimByOldKnowledge() {
        // given
        issueAll();

        // when
        readTo.set(nanos.get() - SoldOutCache.FRESH.toNanos() - 1);

        // then
        assertThat(cache.mayReject(soldOut, LOSER, false)).as("a restock may be unread").isFalse();
        readTo.set(nanos.get() - SoldOutCache.FRESH.toNanos());
        assertThat(cache.mayReject(soldOut, LOSER, false)).isTrue();
    }

    @Test
    void shouldNotRejectAKeyByOldKnowledge() {
        // given
        settle();

        // when
        readTo.set(nanos.get() - SoldOutCache.FRESH.toNanos() - 1);

        // then
        assertThat(cache.mayReject(soldOut, LOSER, true)).as("a restock may be unread").isFalse();
        readTo.set(nanos.get() - SoldOutCache.FRESH.toNanos());
        assertThat(cache.mayReject(soldOut, LOSER, true)).isTrue();
    }

    @Test
    void shouldFillOtherCouponsWhenOneFails() {
        // given
        var other = Campaign.openForLong().state(1, 1, 1);
        registry.apply(soldOut);
        registry.apply(other);
        failing.add(soldOut.couponId());
        pages.add(new HolderPage(List.of(holder("u1", 1)), Optional.empty()));

        // when
        cache.mayReject(soldOut, LOSER, false);
        cache.mayReject(other, LOSER, false);

        // then
        await().until(() -> cache.mayReject(other, LOSER, false));
    }

    @Test
    void shouldRejectAClaimWithoutAKeyAtOnce() {
        // when
        issueAll();

        // then
        assertThat(cache.mayReject(soldOut, LOSER, false)).isTrue();
        assertThat(cache.mayReject(soldOut, new UserId("u2"), false)).isFalse();
    }

    @Test
    void shouldReadMissingHoldersFromTheAuthority() {
        // given
        registry.apply(soldOut);
        pages.add(new HolderPage(List.of(holder("u1", 1)), Optional.of(new UserId("u1"))));
        pages.add(new HolderPage(List.of(holder("u2", 2)), Optional.empty()));

        // when
        boolean before = cache.mayReject(soldOut, LOSER, false);

        // then
        assertThat(before).isFalse();
        await().until(() -> cache.mayReject(soldOut, LOSER, false));
        assertThat(cache.mayReject(soldOut, new UserId("u1"), false)).isFalse();
        assertThat(cache.mayReject(soldOut, new UserId("u2"), false)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {"{\"userId\":\"u1\"}|u1",
        " { \"userId\" : \"u-1_x\" }|u-1_x"})
    void shouldReadThePlainBody(String body, String user) {
        // when
        String read = SoldOutAnswers.userOf(bytes(body));

        // then
        assertThat(read).isEqualTo(user);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"userId\":\"u1\"", "{\"userId\":\"", "{\"userId\":\"u1", "{\"userId\":\"u1\"}x",
                "{\"userId\":\"\\u0041\"}", "{\"userId\":\"ä\"}", "{\"userId\":1}", "{\"userId\":\"u1\",\"a\":1}",
                "{\"userid\":\"u1\"}", "[{\"userId\":\"u1\"}]", "{\"userId\":\"u 1\"}", "null"})
    void shouldLeaveOtherBodiesToTheRoute(String body) {
        // when
        String read = SoldOutAnswers.userOf(bytes(body));

        // then
        assertThat(read).isNull();
    }

    private static ByteBuffer bytes(String body) {
        return ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void settle() {
        issueAll();
        cache.noReservationLeft(soldOut);
        pass(Duration.ofSeconds(2));
    }

    private void issueAll() {
        holders.apply(campaign.issued("r1", "u1", 1));
        holders.apply(campaign.issued("r2", "u2", 2));
    }

    private static Holder holder(String user, long sequence) {
        return new Holder(new UserId(user), sequence, new RequestId("r" + sequence), Instant.EPOCH);
    }
}
