package io.firstcome.readmodel.requests;

import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.requests.Awaited.Acknowledgement;
import io.firstcome.readmodel.requests.Awaited.AnswerTo;
import io.firstcome.readmodel.requests.Awaited.AnyAnswer;
import io.firstcome.readmodel.requests.Awaited.AnyChange;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * The tables in the Javadoc of {@link RequestTransitions}, row by row. A status is written as {@code KIND subject
 * time}. The subject {@code op} is an operator, {@code op-u1} revokes a coupon of u1, and {@code -} is not named.
 */
class RequestTransitionsTest {

    private static final Instant NOTHING_FORGOTTEN = Instant.MIN;

    @ParameterizedTest
    @CsvSource({
        // known,         t, after
        "nothing,         5, PENDING u1 5",
        "PENDING u1 5,    4, PENDING u1 5",
        "PENDING u1 5,    5, PENDING u1 5",
        "PENDING u1 5,    6, PENDING u1 6",
        "ISSUED u1 5,     5, ISSUED u1 5",
        "ISSUED u1 5,     6, ISSUED u1 5",
        "REJECTED u1 5,   5, REJECTED u1 5",
        "REJECTED u1 5,   6, PENDING u1 6",
        "INVALID u1 5,    5, INVALID u1 5",
        "INVALID u1 5,    6, PENDING u1 6",
        "REVOKED u1 5,    5, REVOKED u1 5",
        "REVOKED u1 5,    6, REVOKED u1 5"})
    void shouldFollowTheTableOfClaims(String known, long appendedAt, String after) {
        // when
        RequestStatus status = RequestTransitions.afterClaim(status(known), null, subject("u1"), at(appendedAt),
                NOTHING_FORGOTTEN);

        // then
        assertThat(status).isEqualTo(status(after));
    }

    @ParameterizedTest
    @CsvSource({
        // known,         without user, t, forgotten, after
        "nothing,         INVALID - 5,  5, 0, INVALID u1 5",
        "nothing,         INVALID - 5,  5, 5, INVALID u1 5",
        "nothing,         INVALID - 5,  4, 0, PENDING u1 4",
        "nothing,         INVALID - 5,  6, 0, PENDING u1 6",
        "nothing,         INVALID - 5,  4, 4, nothing",
        "PENDING u1 4,    INVALID - 5,  5, 0, PENDING u1 5",
        "REJECTED u1 4,   INVALID - 5,  5, 0, PENDING u1 5"})
    void shouldNameTheUserOfAnInvalidClaim(String known, String withoutUser, long appendedAt, long forgottenUntil,
            String after) {
        // when
        RequestStatus status = RequestTransitions.afterClaim(status(known), status(withoutUser), subject("u1"),
                at(appendedAt), at(forgottenUntil));

        // then
        assertThat(status).isEqualTo(status(after));
    }

    @ParameterizedTest
    @CsvSource({
        // latest,        claim
        "nothing,         -",
        "INVALID - 5,     -",
        "PENDING u1 5,    u1",
        "ISSUED u2 5,     u2"})
    void shouldAssignAnInvalidOutcomeToTheLatestClaim(String latest, String claim) {
        // given
        var invalid = new CommandInvalid(requestId("r1"), COUPON, "not JSON", at(5));

        // when
        Subject subject = RequestTransitions.claimOf(invalid, status(latest));

        // then
        assertThat(subject).isEqualTo(subject(claim));
    }

    @ParameterizedTest
    @CsvSource({
        "nothing,         4, 5, nothing",
        "nothing,         5, 5, nothing",
        "nothing,         6, 5, PENDING u1 6",
        "PENDING u1 3,    4, 5, PENDING u1 4"})
    void shouldNotSayPendingOfWhatMayBeForgotten(String known, long appendedAt, long forgottenUntil, String after) {
        // when
        RequestStatus status = RequestTransitions.afterClaim(status(known), null, subject("u1"), at(appendedAt),
                at(forgottenUntil));

        // then
        assertThat(status).isEqualTo(status(after));
    }

    @ParameterizedTest
    @CsvSource({
        // known,         outcome,        after
        "nothing,         ISSUED u1 5,    ISSUED u1 5",
        "nothing,         REJECTED u1 5,  REJECTED u1 5",
        "nothing,         INVALID u1 5,   INVALID u1 5",
        "nothing,         REVOKED u1 5,   REVOKED u1 5",
        "PENDING u1 5,    ISSUED u1 4,    ISSUED u1 4",
        "PENDING u1 5,    REJECTED u1 4,  PENDING u1 5",
        "PENDING u1 5,    INVALID u1 4,   PENDING u1 5",
        "PENDING u1 5,    REVOKED u1 4,   REVOKED u1 4",
        "PENDING u1 5,    ISSUED u1 5,    ISSUED u1 5",
        "PENDING u1 5,    REJECTED u1 5,  REJECTED u1 5",
        "PENDING u1 5,    INVALID u1 5,   INVALID u1 5",
        "PENDING u1 5,    INVALID u1 6,   PENDING u1 5",
        "ISSUED u1 5,     ISSUED u1 6,    ISSUED u1 6",
        "ISSUED u1 5,     REJECTED u1 6,  ISSUED u1 5",
        "ISSUED u1 5,     INVALID u1 6,   ISSUED u1 5",
        "ISSUED u1 4,     REVOKED u1 5,   REVOKED u1 5",
        "REVOKED u1 5,    ISSUED u1 4,    REVOKED u1 5",
        "REVOKED u1 5,    REJECTED u1 6,  REVOKED u1 5",
        "REVOKED u1 5,    INVALID u1 6,   REVOKED u1 5",
        "REVOKED u1 5,    REVOKED u1 5,   REVOKED u1 5",
        "REJECTED u1 5,   ISSUED u1 4,    ISSUED u1 4",
        "REJECTED u1 5,   REJECTED u1 4,  REJECTED u1 4",
        "REJECTED u1 5,   INVALID u1 5,   REJECTED u1 5",
        "REJECTED u1 5,   INVALID u1 6,   REJECTED u1 5",
        "REJECTED u1 4,   REVOKED u1 5,   REVOKED u1 5",
        "INVALID u1 5,    ISSUED u1 4,    ISSUED u1 4",
        "INVALID u1 5,    REJECTED u1 4,  REJECTED u1 4",
        "INVALID u1 5,    INVALID u1 4,   INVALID u1 4",
        "INVALID u1 5,    REVOKED u1 6,   REVOKED u1 6"})
    void shouldFollowTheTableOfOutcomes(String known, String outcome, String after) {
        // when
        RequestStatus status = RequestTransitions.afterOutcome(status(known), subject("u1"), outcome(outcome));

        // then
        assertThat(status).isEqualTo(status(after));
    }

    @ParameterizedTest
    @CsvSource({
        // awaited,             outcome,        completes
        "acknowledgement,       ISSUED u1 6,    false",
        "answer to u1 5,        ISSUED u1 4,    true",
        "answer to u1 5,        ISSUED u2 6,    false",
        "answer to u1 5,        REJECTED u1 4,  false",
        "answer to u1 5,        REJECTED u1 5,  true",
        "answer to u1 5,        REJECTED u2 5,  false",
        "answer to u1 5,        INVALID - 4,    false",
        "answer to u1 5,        INVALID - 5,    true",
        "answer to u1 5,        INVALID - 6,    false",
        "answer to op 5,        INVALID - 6,    false",
        "answer to u1 5,        CHANGED op 5,   false",
        "answer to op 5,        CHANGED op 4,   false",
        "answer to op 5,        CHANGED op 5,   true",
        "answer to op 5,        ISSUED u1 5,    false",
        "answer to op-u1 5,     REVOCATION op-u1 4, true",
        "answer to op-u1 5,     REVOCATION op-u2 6, false",
        "answer to op-u1 5,     CHANGED op 6,   false",
        "answer to op 5,        REVOCATION op-u1 6, false",
        "answer to u1 5,        REVOCATION op-u1 6, false",
        "answer to u1 5,        REVOKED u1 4,   true",
        "answer to u2 5,        REVOKED u1 6,   false",
        "any answer since 5,    REVOKED u1 4,   true",
        "any answer since 5,    ISSUED u1 4,    true",
        "any answer since 5,    REJECTED u1 4,  false",
        "any answer since 5,    REJECTED u2 5,  true",
        "any answer since 5,    INVALID - 5,    true",
        "any answer since 5,    INVALID - 6,    false",
        "any answer since 5,    CHANGED op 4,   false",
        "any answer since 5,    CHANGED op 5,   false",
        "any change,            REJECTED u1 4,  true"})
    void shouldCompleteWaitsOnlyWithTheirAnswers(String awaited, String outcome, boolean completes) {
        // when
        boolean completed = RequestTransitions.completes(awaited(awaited), outcome(outcome));

        // then
        assertThat(completed).isEqualTo(completes);
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING u1 5,  REJECTED u1 4, false",
        "PENDING u1 5,  REJECTED u1 5, true",
        "nothing,       REJECTED u1 4, true",
        "nothing,       INVALID - 4,   true",
        "REJECTED u1 5, REJECTED u1 4, true"})
    void shouldAwaitAnyAnswerToThePendingCommand(String known, String outcome, boolean completes) {
        // given
        Awaited awaited = RequestTransitions.anyAnswer(status(known));

        // when
        boolean completed = RequestTransitions.completes(awaited, outcome(outcome));

        // then
        assertThat(completed).isEqualTo(completes);
    }

    private static Awaited awaited(String text) {
        String[] words = text.split(" ");
        return switch (text) {
            case "acknowledgement" -> new Acknowledgement();
            case "any change" -> new AnyChange();
            case String answer when answer.startsWith("any answer") -> new AnyAnswer(time(words[3]));
            default -> new AnswerTo(subject(words[2]), time(words[3]));
        };
    }

    private static RequestStatus status(String text) {
        if (text.equals("nothing")) {
            return null;
        }
        String[] words = text.split(" ");
        Subject subject = subject(words[1]);
        return words[0].equals("PENDING")
                ? new Pending(subject, time(words[2]))
                : new Decided(subject, outcome(text));
    }

    private static CouponOutcome outcome(String text) {
        String[] words = text.split(" ");
        Instant decidedAt = time(words[2]);
        return switch (words[0]) {
            case "ISSUED" -> issued("r1", words[1], 1, decidedAt);
            case "REJECTED" -> rejected("r1", words[1], SOLD_OUT, decidedAt);
            case "INVALID" -> new CommandInvalid(requestId("r1"), COUPON, "not JSON", decidedAt);
            case "REVOKED" -> revoked("r9", words[1], 1, "r1", 1, decidedAt);
            case "REVOCATION" -> revoked("r1", words[1].substring(3), 1, "r8", 1, decidedAt);
            case "CHANGED" -> changed("r1", Change.CHANGED, couponWithStock(1), decidedAt);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Subject subject(String name) {
        if (name.startsWith("op-")) {
            return new Subject(COUPON, requestId("r1"), null, userId(name.substring(3)));
        }
        UserId user = name.equals("op") || name.equals("-") ? null : userId(name);
        return new Subject(COUPON, requestId("r1"), user);
    }

    private static Instant time(String seconds) {
        return at(Long.parseLong(seconds));
    }
}
