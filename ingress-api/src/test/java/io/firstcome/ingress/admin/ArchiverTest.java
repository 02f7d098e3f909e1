package io.firstcome.ingress.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.ingress.publishing.Publication;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class ArchiverTest {

    private static final Duration DELAY = Duration.ofDays(30);
    private static final Instant CLOSES_AT = Instant.parse("2026-01-01T00:00:00Z");

    private final CouponRegistry registry = new CouponRegistry(_ -> {});
    private final List<CouponCommand> sent = new ArrayList<>();
    private Duration skew = Duration.ZERO;
    private Optional<Duration> retention = Optional.of(Duration.ofDays(7));

    @Test
    void shouldArchiveOnlyCouponsThatEndedLongAgo() {
        // given
        given("ended", CouponStatus.ACTIVE, CLOSES_AT);
        given("closed", CouponStatus.CLOSED, CLOSES_AT);
        given("archived", CouponStatus.ARCHIVED, CLOSES_AT);
        given("later", CouponStatus.ACTIVE, CLOSES_AT.plusMillis(1));

        // when
        archiver(new Appended(1, CLOSES_AT)).archiveEnded();

        // then
        assertThat(sent).containsExactly(archive("closed"), archive("ended"));
    }

    @Test
    void shouldArchiveACouponThatWasClosedLongBeforeItsWindowEnds() {
        // given: states may be read again, and later ones of a closed coupon only count revocations
        givenClosed("long-ago", CLOSES_AT);
        givenClosed("long-ago", CLOSES_AT.plusSeconds(60));
        givenClosed("lately", CLOSES_AT.plusMillis(1));

        // when
        archiver(new Appended(1, CLOSES_AT)).archiveEnded();

        // then
        assertThat(sent).containsExactly(archive("long-ago"));
    }

    @Test
    void shouldNotArchiveBeforeTheCommandsHaveExpired() {
        // given
        given("ended", CouponStatus.ACTIVE, CLOSES_AT);
        given("older", CouponStatus.ACTIVE, CLOSES_AT.minus(Duration.ofDays(10)));
        retention = Optional.of(DELAY.plusDays(10));

        // when
        archiver(new Appended(1, CLOSES_AT)).archiveEnded();

        // then
        assertThat(sent).containsExactly(archive("older"));
    }

    @Test
    void shouldNeverArchiveWhereCommandsDoNotExpire() {
        // given
        given("ended", CouponStatus.ACTIVE, Instant.EPOCH.plusSeconds(1));
        retention = Optional.empty();

        // when
        archiver(new Appended(1, CLOSES_AT)).archiveEnded();

        // then
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldLetAnOperatorArchiveAfterTheRetentionOfTheCommands() {
        // given
        Instant now = CLOSES_AT.plus(DELAY);
        CouponState open = given("open", CouponStatus.ACTIVE, now.plusMillis(1));
        CouponState ended = given("ended", CouponStatus.ACTIVE, now.minus(Duration.ofDays(7)));
        CouponState lately = given("lately", CouponStatus.CLOSED, now.minus(Duration.ofDays(7)).plusMillis(1));
        CouponState archived = given("archived", CouponStatus.ARCHIVED, now);

        // then
        assertThat(times().earliest(ended, now)).isEmpty();
        assertThat(times().earliest(lately, now)).contains(now.plusSeconds(1));
        assertThat(times().earliest(archived, now)).isEmpty();
        assertThat(times().earliest(open, now)).as("the authority may know that it was closed")
                .contains(now.plus(Duration.ofDays(7)).plusSeconds(1));
        retention = Optional.empty();
        assertThat(times().earliest(ended, now)).isEmpty();
        assertThat(times().earliest(lately, now)).contains(now.plusSeconds(1));
        retention = Optional.of(Duration.ofDays(8));
        assertThat(times().earliest(ended, now)).contains(now.plus(Duration.ofDays(1)).plusSeconds(1));
    }

    @Test
    void shouldFailWhenTheLogMayNotHaveTheCommand() {
        // given
        given("ended", CouponStatus.ACTIVE, CLOSES_AT);

        // when
        Archiver archiver = archiver(new NotSent("no broker"));

        // then
        assertThatThrownBy(archiver::archiveEnded).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended").hasMessageContaining("no broker");
    }

    /** The first command is the first that this ingress sends, and its acknowledgement measures the clock. */
    @Test
    void shouldStopWhenItsClockProvesToBeFast() {
        // given
        given("ended", CouponStatus.ACTIVE, CLOSES_AT.minusSeconds(1));
        given("ended-too", CouponStatus.ACTIVE, CLOSES_AT);
        var archiver = new Archiver(registry, command -> {
            sent.add(command);
            skew = Duration.ofSeconds(1);
            return CompletableFuture.completedFuture(new Appended(1, CLOSES_AT));
        }, times(), () -> CLOSES_AT.plus(DELAY), new SimpleMeterRegistry());

        // when
        archiver.archiveEnded();

        // then
        assertThat(sent).containsExactly(archive("ended"));
    }

    @Test
    void shouldReportAnErrorThatEndsTheLoop() {
        // given
        given("ended", CouponStatus.ACTIVE, CLOSES_AT);

        try (var archiver = new Archiver(registry, _ -> {
            throw new LinkageError("thrown by the test");
        }, times(), () -> CLOSES_AT.plus(DELAY), Duration.ofMillis(1), new SimpleMeterRegistry())) {
            // when
            archiver.start();

            // then
            await().until(() -> archiver.problem().isPresent());
            assertThat(archiver.problem().get()).contains("LinkageError");
        }
    }

    private Archiver archiver(Publication publication) {
        return new Archiver(registry, command -> {
            sent.add(command);
            return CompletableFuture.completedFuture(publication);
        }, times(), () -> CLOSES_AT.plus(DELAY), new SimpleMeterRegistry());
    }

    private ArchiveTimes times() {
        return new ArchiveTimes(registry, DELAY, () -> retention, () -> skew);
    }

    private CouponState given(String coupon, CouponStatus status, Instant closesAt) {
        var state = new CouponState(new CouponDefinition(new CouponId(coupon), "Coffee", 5, Instant.EPOCH, closesAt),
                status, 1, 0);
        registry.apply(state, Instant.MAX);
        return state;
    }

    /** Closed at this time, long before its window ends. */
    private void givenClosed(String coupon, Instant at) {
        registry.apply(new CouponState(new CouponDefinition(new CouponId(coupon), "Coffee", 5, Instant.EPOCH,
                CLOSES_AT.plus(DELAY).plus(DELAY)), CouponStatus.CLOSED, 2, 0), at);
    }

    private static ArchiveCoupon archive(String coupon) {
        var couponId = new CouponId(coupon);
        return new ArchiveCoupon(Archiver.requestId(couponId), couponId);
    }
}
