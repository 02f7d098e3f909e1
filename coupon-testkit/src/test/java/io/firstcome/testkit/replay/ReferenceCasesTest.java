package io.firstcome.testkit.replay;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.testkit.cases.IssuanceCase;
import io.firstcome.testkit.fixture.LogFixture;

/** Runs the reference authority against the shared cases. The given state of each case is created with commands. */
class ReferenceCasesTest {

    private static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant FUTURE = Instant.parse("2030-01-01T00:00:00Z");

    @ParameterizedTest
    @MethodSource("io.firstcome.testkit.cases.IssuanceCases#forPolicy")
    void shouldDecideAsTheCaseSays(IssuanceCase example) {
        // given
        var log = new LogFixture();
        example.given().coupon().ifPresent(coupon -> createState(coupon, example, log));

        log.append(example.when().now(), example.when().command());

        // when
        CouponOutcome outcome = log.decided().decisions().getLast();

        // then
        assertThat(outcome).isEqualTo(example.then().policy().orElseThrow());
    }

    private static void createState(CouponState coupon, IssuanceCase example, LogFixture log) {
        log.append(PAST, define("a1", alwaysOpen(coupon)));
        for (long sequence = 1; sequence <= coupon.issued(); sequence++) {
            CouponIssued holder = holderOf(sequence, example);
            log.append(holder.issuedAt(), new IssueCoupon(holder.requestId(), COUPON, holder.userId()));
        }
        example.given().revoked().forEach(it -> log.append(it.revokedAt(), revoke("revoke-" + it.issued().sequence(),
                it.issued().userId().value(), it.issued().sequence())));
        log.append(PAST, define("a2", coupon.definition()));
        switch (coupon.status()) {
            case ACTIVE -> {
            }
            case PAUSED -> log.append(PAST, pause("a3"));
            case CLOSED -> log.append(PAST, close("a3"));
        }
        example.given().clock().ifPresent(clock -> log.append(clock, define("a4", coupon.definition())));
    }

    /** Allows every issue of a case. */
    private static CouponDefinition alwaysOpen(CouponState coupon) {
        return new CouponDefinition(COUPON, "always open", Math.max(coupon.definition().stock(), coupon.issued()), PAST,
                FUTURE, CouponDefinition.MAX_PER_USER, true);
    }

    private static CouponIssued holderOf(long sequence, IssuanceCase example) {
        IssueCoupon other = issue("filler-" + sequence, "filler-" + sequence);
        return Stream.concat(example.given().holders().stream(),
                example.given().revoked().stream().map(IssuanceCase.Revoked::issued))
                .filter(holder -> holder.sequence() == sequence)
                .findFirst()
                .orElse(new CouponIssued(other.requestId(), COUPON, other.userId(), sequence, PAST));
    }
}
