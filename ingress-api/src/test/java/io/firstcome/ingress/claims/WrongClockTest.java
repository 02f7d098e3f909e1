package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.LogWriter;

/** An ingress whose clock differs from the broker's by more than FIRSTCOME_CLOCK_SKEW_MS. */
class WrongClockTest {

    private static final AtomicReference<Duration> FAST_BY = new AtomicReference<>(Duration.ZERO);

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension
            .startedBy(() -> TestIngress.withClock(() -> Instant.now().plus(FAST_BY.get())));

    private final TestIngress ingress = INGRESSES.one();

    @Test
    void shouldNotEndACouponEarlyWhenItsClockIsFast() {
        // given
        learnTheOffsetOf(Duration.ofSeconds(30));
        Campaign closesSoon = Campaign.between(Instant.EPOCH, now().plusSeconds(20));
        define(closesSoon);

        // when
        List<Reply> claims = List.of(ingress.claim(closesSoon.id(), "u1"),
                ingress.claim(closesSoon.id(), "u2", "Idempotency-Key", "key-" + closesSoon.id()));

        // then
        assertThat(claims).extracting(Reply::status).containsOnly(202);
    }

    @Test
    void shouldNotOpenACouponLateWhenItsClockIsSlow() {
        // given
        learnTheOffsetOf(Duration.ofSeconds(-30));
        Campaign openedJustNow = Campaign.between(now().minusSeconds(1), now().plusSeconds(3600));
        define(openedJustNow);

        // when
        List<Reply> claims = List.of(ingress.claim(openedJustNow.id(), "u1"),
                ingress.claim(openedJustNow.id(), "u2", "Idempotency-Key", "key-" + openedJustNow.id()));

        // then
        assertThat(claims).extracting(Reply::status).containsOnly(202);
    }

    @Test
    void shouldStillEndACouponThatHasEndedForLong() {
        // given
        learnTheOffsetOf(Duration.ofSeconds(30));
        Campaign ended = Campaign.between(Instant.EPOCH, now().minusSeconds(120));
        define(ended);

        // when
        Reply claim = ingress.claim(ended.id(), "u1");

        // then
        assertThat(claim.problem()).isEqualTo("410 ended");
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Sets the clock and sends a claim, whose acknowledgement carries the broker's time. */
    private void learnTheOffsetOf(Duration fastBy) {
        FAST_BY.set(fastBy);
        Campaign open = Campaign.openForLong();
        define(open);
        assertThat(ingress.claim(open.id(), "u1").status()).isEqualTo(202);
    }

    private void define(Campaign campaign) {
        try (var log = new LogWriter()) {
            log.write(campaign.state(1, 10, 0));
        }
        await().until(() -> ingress.get("/v1/coupons/" + campaign.id()).status() == 200);
    }
}
