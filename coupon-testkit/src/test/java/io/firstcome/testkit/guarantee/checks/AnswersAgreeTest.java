package io.firstcome.testkit.guarantee.checks;

import static io.firstcome.contract.RejectionReason.PAUSED;
import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.limited;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.resume;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertNotChecked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.RejectionReason;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.GuaranteeResult.Pass;
import io.firstcome.testkit.log.CouponLog;

/** All processes share one clock, and an answer may rely on a fact for 30 s after it ceased to be true. */
class AnswersAgreeTest {

    /**
     * Sold out from 10 s to 100 s and again from 400 s; paused from 200 s to 300 s; closed at 500 s. r1 and r3 are
     * issued, r2 is rejected.
     */
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

    @ParameterizedTest(name = "{0} at {1} s: {2}")
    @CsvSource({
        "SOLD_OUT, 9, false", "SOLD_OUT, 10, true", "SOLD_OUT, 99, true", "SOLD_OUT, 129, true",
        "SOLD_OUT, 130, false", "SOLD_OUT, 399, false", "SOLD_OUT, 400, true",
        "PAUSED, 199, false", "PAUSED, 200, true", "PAUSED, 329, true", "PAUSED, 330, false",
        "NOT_STARTED, -61, false", "NOT_STARTED, -60, true", "NOT_STARTED, 29, true", "NOT_STARTED, 30, false",
        "ENDED, 499, false", "ENDED, 500, true", "ENDED, 9999, true",
        "UNKNOWN_COUPON, -99, true", "UNKNOWN_COUPON, -31, true", "UNKNOWN_COUPON, -30, false",
        "ALREADY_ISSUED, 50, false"})
    void shouldCompareRejectionsWithTheFactsOfTheirTime(RejectionReason reason, long seconds, boolean agrees) {
        // when
        GuaranteeResult result = check(answer("r9", "u9", seconds, Reply.rejected(reason)));

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @ParameterizedTest
    @CsvSource({"3599, false", "3600, true"})
    void shouldEndWithTheWindowWhenTheCouponIsNotClosed(long seconds, boolean agrees) {
        // given
        CouponLog log = new LogFixture().append(at(0), define("a1", 1)).decided();
        Answer ended = answer("r9", "u9", seconds, Reply.rejected(RejectionReason.ENDED));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(log).withAnswers(List.of(ended)));

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @ParameterizedTest(name = "{0} holds {2} at {1} s: {3}")
    @CsvSource({"u1, 11, 1, true", "u1, 11, , true", "u1, 9, 1, false", "u1, 11, 2, false", "u9, 11, 1, false"})
    void shouldCompareHeldSequencesWithTheIssues(String user, long seconds, Long held, boolean agrees) {
        // given
        Reply reply = held == null ? Reply.rejected(RejectionReason.ALREADY_ISSUED) : Reply.alreadyIssued(held);

        // when
        GuaranteeResult result = check(answer("r9", user, seconds, reply));

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN_COUPON, true", "SOLD_OUT, false"})
    void shouldAcceptOnlyUnknownForACouponThatIsNotInTheLog(RejectionReason reason, boolean agrees) {
        // given
        var answer = new Answer(requestId("r9"), couponId("c9"), userId("u9"), Reply.rejected(reason), at(0), at(1));

        // when
        GuaranteeResult result = check(answer);

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @ParameterizedTest(name = "{0} of {1} has sequence {2}: {3}")
    @CsvSource({"r1, u1, 1, true", "r1, u1, 2, false", "r1, u9, 1, false", "r2, u2, 2, false", "r9, u9, 1, false"})
    void shouldCompareIssuesWithTheLog(String request, String user, long sequence, boolean agrees) {
        // when
        GuaranteeResult result = check(answer(request, user, 21, Reply.issued(sequence)));

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @ParameterizedTest(name = "{0} of {1} is {2} at {3} s: {4}")
    @CsvSource({"r2, u2, SOLD_OUT, 21, true", "r2, u2, PAUSED, 201, false", "r1, u1, SOLD_OUT, 11, false"})
    void shouldCompareRejectionsOfDecidedClaimsWithTheirOutcome(String request, String user, RejectionReason reason,
            long seconds, boolean agrees) {
        // when
        GuaranteeResult result = check(answer(request, user, seconds, Reply.rejected(reason)));

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @Test
    void shouldNameTheContradiction() {
        // when
        GuaranteeResult result = check(answer("r9", "u9", 11, Reply.issued(1)),
                answer("r1", "u1", 11, Reply.rejected(SOLD_OUT)));

        // then
        assertFailed(result).satisfiesExactly(
                first -> assertThat(first).startsWith("c1: r9 of u9: Issued[sequence=1] at")
                        .endsWith("has no support in the log"),
                second -> assertThat(second).contains(", but the log has [CouponIssued[requestId=r1"));
    }

    @ParameterizedTest
    @MethodSource("repeatedClaims")
    void shouldAllowAFactBesideTheOutcomeOfARepeatedClaim(List<Answer> answers) {
        // when
        GuaranteeResult result = check(answers.toArray(Answer[]::new));

        // then
        assertPassed(result);
    }

    static Stream<List<Answer>> repeatedClaims() {
        return Stream.of(
                List.of(answer("r2", "u2", 21, Reply.rejected(SOLD_OUT)),
                        answer("r2", "u2", 201, Reply.rejected(PAUSED))),
                List.of(answer("r3", "u3", 50, Reply.rejected(SOLD_OUT)), answer("r3", "u3", 401, Reply.issued(2))));
    }

    @ParameterizedTest
    @MethodSource("rejectionsAfterTheIssue")
    void shouldNotAllowARejectionAfterTheIssue(Answer issued, Answer rejected) {
        // when
        GuaranteeResult result = check(issued, rejected);

        // then
        assertFailed(result).hasSize(1);
    }

    static Stream<Arguments> rejectionsAfterTheIssue() {
        Answer issued = answer("r3", "u3", 401, Reply.issued(2));
        return Stream.of(
                arguments(issued, answer("r3", "u3", 402, Reply.rejected(SOLD_OUT))),
                arguments(issued, answer("r3", "u3", 400, Reply.rejected(SOLD_OUT))),
                arguments(issued, answer("r3", "u3", 402, Reply.alreadyIssued(2))),
                arguments(answer("r1", "u1", 11, Reply.issued(1)),
                        answer("r1", "u1", 12, Reply.rejected(SOLD_OUT))));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true"})
    void shouldAllowForTheClockSkew(long skewSeconds, boolean agrees) {
        // given
        var early = Evidence.of(LOG).withAnswers(List.of(answer("r9", "u9", 9, Reply.rejected(SOLD_OUT))));

        // when
        GuaranteeResult result = new AnswersAgree(Duration.ofSeconds(skewSeconds), Duration.ZERO).check(early);

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    /**
     * u1 holds 1 from 10 s to 100 s, which is the whole stock; u2 holds 2 from 200 s and 3 from 310 s. Two per user are
     * allowed from 300 s to 400 s, otherwise one. From 400 s on no user may claim again after a revocation.
     */
    private static final CouponLog REVOKED_LOG = new LogFixture()
            .append(at(-60), define("a1", limited(1, 1, true)))
            .append(at(10), issue("r1", "u1"))
            .append(at(100), revoke("a2", "u1"))
            .append(at(200), issue("r2", "u2"))
            .append(at(300), define("a3", limited(5, 2, true)))
            .append(at(310), issue("r3", "u2"))
            .append(at(400), define("a4", limited(5, 1, false)))
            .decided();

    @ParameterizedTest(name = "{0} of {1} is {2} {3} at {4} s: {5}")
    @CsvSource({
        "r9, u9, SOLD_OUT, '', 99, true", "r9, u9, SOLD_OUT, '', 129, true", "r9, u9, SOLD_OUT, '', 130, false",
        "r9, u9, SOLD_OUT, '', 199, false", "r9, u9, SOLD_OUT, '', 200, true", "r9, u9, SOLD_OUT, '', 330, false",
        "r9, u1, ALREADY_ISSUED, 1, 99, true", "r9, u1, ALREADY_ISSUED, 1, 129, true",
        "r9, u1, ALREADY_ISSUED, 1, 130, false", "r9, u2, ALREADY_ISSUED, 2, 299, true",
        "r9, u2, ALREADY_ISSUED, 2, 329, true", "r9, u2, ALREADY_ISSUED, 2, 330, false",
        "r9, u2, ALREADY_ISSUED, 2, 430, false",
        "r9, u2, LIMIT_REACHED, 2 3, 309, false", "r9, u2, LIMIT_REACHED, 2 3, 310, true",
        "r9, u2, LIMIT_REACHED, '', 310, true", "r9, u2, LIMIT_REACHED, 2, 310, false",
        "r9, u2, LIMIT_REACHED, 3, 310, false", "r9, u2, LIMIT_REACHED, 2 3, 999, true",
        "r9, u1, LIMIT_REACHED, '', 310, false",
        "r9, u1, REVOKED, '', 399, false", "r9, u1, REVOKED, '', 400, true", "r9, u9, REVOKED, '', 400, false",
        "r9, u2, REVOKED, '', 400, false",
        "r1, u1, REVOKED, '', 99, false", "r1, u1, REVOKED, '', 100, true", "r1, u1, REVOKED, '', 999, true",
        "r2, u2, REVOKED, '', 999, false",
        "r1, u1, SOLD_OUT, '', 50, false", "r1, u1, SOLD_OUT, '', 129, false", "r1, u1, SOLD_OUT, '', 250, true"})
    void shouldEndFactsWithARevocation(String request, String user, RejectionReason reason, String held, long seconds,
            boolean agrees) {
        // given
        List<Long> sequences = Stream.of(held.split(" ")).filter(it -> !it.isEmpty()).map(Long::valueOf).toList();
        Answer answer = answer(request, user, seconds, new Reply.Rejected(reason, sequences));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(REVOKED_LOG).withAnswers(List.of(answer)));

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @ParameterizedTest(name = "201 at {0} s: {1}")
    @CsvSource({"11, true", "99, true", "129, true", "130, false", "999, false"})
    void shouldEndAnIssueWithItsRevocation(long seconds, boolean agrees) {
        // given
        Answer answer = answer("r1", "u1", seconds, Reply.issued(1));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(REVOKED_LOG).withAnswers(List.of(answer)));

        // then
        assertThat(result instanceof Pass).isEqualTo(agrees);
    }

    @Test
    void shouldAcceptAnswersThatLeaveTheResultOpen() {
        // when
        GuaranteeResult result = check(answer("r9", "u9", 1, Reply.uncertain("503")),
                answer("r9", "u9", 1, Reply.accepted()), answer("r9", "u9", 1, new Reply.InFlight(requestId("r8"))));

        // then
        assertPassed(result, "3 answers, no contradictions");
    }

    @Test
    void shouldNotBeCheckedWithoutAnswers() {
        // when
        GuaranteeResult result = guarantee.check(Evidence.of(LOG));

        // then
        assertNotChecked(result);
    }

    private static Answer answer(String request, String user, long seconds, Reply reply) {
        return new Answer(requestId(request), COUPON, userId(user), reply, at(seconds), at(seconds));
    }

    private GuaranteeResult check(Answer... answers) {
        return guarantee.check(Evidence.of(LOG).withAnswers(List.of(answers)));
    }
}
