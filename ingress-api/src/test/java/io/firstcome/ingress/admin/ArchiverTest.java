package io.firstcome.ingress.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        }, () -> DELAY.plus(skew), () -> CLOSES_AT.plus(DELAY), new SimpleMeterRegistry());

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
        }, () -> DELAY, () -> CLOSES_AT.plus(DELAY), Duration.ofMillis(1), new SimpleMeterRegistry())) {
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
        }, () -> DELAY, () -> CLOSES_AT.plus(DELAY), new SimpleMeterRegistry());
    }

    private void given(String coupon, CouponStatus status, Instant closesAt) {
        registry.apply(new CouponState(new CouponDefinition(new CouponId(coupon), "Coffee", 5, Instant.EPOCH,
                closesAt), status, 1, 0));
    }

    private static ArchiveCoupon archive(String coupon) {
        var couponId = new CouponId(coupon);
        return new ArchiveCoupon(Archiver.requestId(couponId), couponId);
    }
}
