package io.firstcome.testkit.guarantee;

import static io.firstcome.contract.RejectionReason.PAUSED;
import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.resume;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertNotChecked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.contract.RejectionReason;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult.Pass;

/** One clock for all, and an answer may be late by 30 s to learn that something has ceased to be. */
class AnswersAgreeTest {

    /** Sold out from 10 to 100 s and again from 400; paused from 200 to 300; closed at 500. r1 and r3 win, r2 is late. */
    private static final CouponLog LOG = new LogFixture()
            .append(at(-60), define("a1", 1))
            .append(at(10), issue("r1", "u1"))
            .append(at(20), issue("r2", "u2"))
            .append(at(100), define("a2", 2))
            .append(at(200), pause("a3"))
            .append(at(300), resume("a4"))
            .append(at(400), issue("r3", "u3"))
            .append(at(500), close("a5"))
            .decided();

    private final AnswersAgree guarantee = new AnswersAgree(Duration.ZERO, Duration.ofSeconds(30));

    private static Answer answer(String request, String user, long seconds, Reply reply) {
        return new Answer(requestId(request), COUPON, userId(user), reply, at(seconds), at(seconds));
    }

    private GuaranteeResult check(Answer... answers) {
        return guarantee.check(Evidence.of(LOG).withAnswers(List.of(answers)));
    }

    @ParameterizedTest(name = "{0} at {1} s: {2}")
    @CsvSource({
        "SOLD_OUT, 9, false", "SOLD_OUT, 10, true", "SOLD_OUT, 99, true", "SOLD_OUT, 129, true",
        "SOLD_OUT, 130, false", "SOLD_OUT, 399, false", "SOLD_OUT, 400, true",
        "PAUSED, 199, false", "PAUSED, 200, true", "PAUSED, 329, true", "PAUSED, 330, false",
        "NOT_STARTED, -61, false", "NOT_STARTED, -60, true", "NOT_STARTED, 29, true", "NOT_STARTED, 30, false",
        "ENDED, 499, false", "ENDED, 500, true", "ENDED, 9999, true",
        "UNKNOWN_COUPON, -99, true", "UNKNOWN_COUPON, -31, true", "UNKNOWN_COUPON, -30, false",
        "ALREADY_ISSUED, 50, false"})
    void shouldHoldANoFromOutsideTheLogAgainstTheFactsOfItsTime(RejectionReason reason, long seconds, boolean agrees) {
        // when
        GuaranteeResult verdict = check(answer("r9", "u9", seconds, Reply.rejected(reason)));

        // then
        assertThat(verdict instanceof Pass).isEqualTo(agrees);
    }

    @Test
    void shouldEndWithTheWindowEvenIfNobodyCloses() {
        // given
        var log = new LogFixture().append(at(0), define("a1", 1)).decided();

        // then
        assertPassed(guarantee.check(
                Evidence.of(log)
                        .withAnswers(List.of(answer("r9", "u9", 3600, Reply.rejected(RejectionReason.ENDED))))));
        assertFailed(guarantee.check(
                Evidence.of(log)
                        .withAnswers(List.of(answer("r9", "u9", 3599, Reply.rejected(RejectionReason.ENDED))))));
    }

    @Test
    void shouldKnowWhoHoldsWhichNumberSinceWhen() {
        assertPassed(check(answer("r9", "u1", 11, Reply.alreadyIssued(1))));
        assertPassed(check(answer("r9", "u1", 11, Reply.rejected(RejectionReason.ALREADY_ISSUED))));
        assertFailed(check(answer("r9", "u1", 9, Reply.alreadyIssued(1)))).hasSize(1);
        assertFailed(check(answer("r9", "u1", 11, Reply.alreadyIssued(2)))).hasSize(1);
        assertFailed(check(answer("r9", "u9", 11, Reply.alreadyIssued(1)))).hasSize(1);
    }

    @Test
    void shouldKnowNothingOfACouponThatIsNotInTheLog() {
        var unknown = new Answer(requestId("r9"), couponId("c9"), userId("u9"),
                Reply.rejected(RejectionReason.UNKNOWN_COUPON), at(0), at(1));
        var soldOut = new Answer(requestId("r9"), couponId("c9"), userId("u9"), Reply.rejected(SOLD_OUT), at(0), at(1));

        assertPassed(check(unknown));
        assertFailed(check(soldOut)).hasSize(1);
    }

    @Test
    void shouldSeeASuccessThatTheLogDoesNotHold() {
        assertPassed(check(answer("r1", "u1", 11, Reply.issued(1))));
        assertFailed(check(answer("r1", "u1", 11, Reply.issued(2)))).hasSize(1);
        assertFailed(check(answer("r1", "u9", 11, Reply.issued(1)))).hasSize(1);
        assertFailed(check(answer("r2", "u2", 21, Reply.issued(2)))).hasSize(1);
        assertFailed(check(answer("r9", "u9", 11, Reply.issued(1)))).singleElement().asString()
                .startsWith("c1: r9 of u9: Issued[sequence=1] at").endsWith("is no fact by the log");
    }

    @Test
    void shouldHoldANoToAClaimInTheLogAgainstItsOutcome() {
        assertPassed(check(answer("r2", "u2", 21, Reply.rejected(SOLD_OUT))));
        assertFailed(check(answer("r2", "u2", 201, Reply.rejected(PAUSED)))).hasSize(1);
        assertFailed(check(answer("r1", "u1", 11, Reply.rejected(SOLD_OUT)))).singleElement().asString()
                .contains("where the log says [CouponIssued[requestId=r1");
    }

    @Test
    void shouldAllowAFactBesideTheOutcomeOfAClaimThatWasSentAgain() {
        assertPassed(check(answer("r2", "u2", 21, Reply.rejected(SOLD_OUT)),
                answer("r2", "u2", 201, Reply.rejected(PAUSED))));
        assertPassed(check(answer("r3", "u3", 50, Reply.rejected(SOLD_OUT)),
                answer("r3", "u3", 401, Reply.issued(2))));
    }

    @Test
    void shouldNotAllowANoToAClaimThatHasWon() {
        var won = answer("r3", "u3", 401, Reply.issued(2));

        assertFailed(check(won, answer("r3", "u3", 402, Reply.rejected(SOLD_OUT)))).hasSize(1);
        assertFailed(check(won, answer("r3", "u3", 400, Reply.rejected(SOLD_OUT)))).hasSize(1);
        assertFailed(check(won, answer("r3", "u3", 402, Reply.alreadyIssued(2)))).hasSize(1);
        assertFailed(check(answer("r1", "u1", 11, Reply.issued(1)), answer("r1", "u1", 12, Reply.rejected(SOLD_OUT))))
                .hasSize(1);
    }

    @Test
    void shouldAllowForClocksThatDiffer() {
        // given
        var early = Evidence.of(LOG).withAnswers(List.of(answer("r9", "u9", 9, Reply.rejected(SOLD_OUT))));

        // then
        assertFailed(guarantee.check(early));
        assertPassed(new AnswersAgree(Duration.ofSeconds(1), Duration.ZERO).check(early));
    }

    @Test
    void shouldNotJudgeWhatClaimsNothing() {
        assertPassed(check(answer("r9", "u9", 1, Reply.uncertain("503")), answer("r9", "u9", 1, Reply.accepted()),
                answer("r9", "u9", 1, new Reply.InFlight(requestId("r8")))), "3 answers, none against the log");
    }

    @Test
    void shouldSayThatItSawNoAnswers() {
        assertNotChecked(guarantee.check(Evidence.of(LOG)));
    }
}
