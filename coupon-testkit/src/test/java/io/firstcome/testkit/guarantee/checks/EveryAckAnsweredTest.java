package io.firstcome.testkit.guarantee.checks;

import static io.firstcome.contract.RejectionReason.SOLD_OUT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.rejected;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.SaleFixture.altered;
import static io.firstcome.testkit.guarantee.SaleFixture.sale;
import static io.firstcome.testkit.guarantee.SaleFixture.saleWithRevocations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.UnreadableCommand;

class EveryAckAnsweredTest {

    private final EveryAckAnswered guarantee = new EveryAckAnswered();

    @Test
    void shouldPassASaleWithoutErrors() {
        // given
        var answers = List.of(answer("r1", "u1", Reply.accepted()), answer("r2", "u2", Reply.issued(2)),
                answer("r8", "u8", Reply.uncertain("503")), answer("r9", "u9", Reply.rejected(SOLD_OUT)),
                answer("r7", "u1", new Reply.InFlight(requestId("r1"))));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(sale()).withAnswers(answers));

        // then
        assertPassed(result, "6 commands, 6 outcomes, 2 acknowledged answers");
    }

    @Test
    void shouldPassARejectedRequestThatIsIssuedWhenRepeated() {
        // given
        var log = new LogFixture().append(at(-9), define("a1", 1))
                .append(at(-1), issue("r1", "u1"))
                .append(at(1), issue("r1", "u1"));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(log.decided()));

        // then
        assertPassed(result);
    }

    @Test
    void shouldFailOnACommandWithoutOutcome() {
        // when
        GuaranteeResult result = checkAltered(decisions -> decisions.remove(4));

        // then
        assertFailed(result).containsExactly("c1: r3: 1 commands, 0 outcomes");
    }

    @Test
    void shouldFailOnACommandWithTwoOutcomes() {
        // when
        GuaranteeResult result = checkAltered(decisions -> decisions.add(decisions.getLast()));

        // then
        assertFailed(result).containsExactly("c1: r4: 1 commands, 2 outcomes");
    }

    @Test
    void shouldFailOnAnOutcomeWithoutCommand() {
        // when
        GuaranteeResult result = checkAltered(decisions -> decisions.add(rejected("r9", "u9", SOLD_OUT, at(9))));

        // then
        assertFailed(result).containsExactly("c1: r9: an outcome without a command");
    }

    @Test
    void shouldFailOnARejectionAfterAnIssue() {
        // when
        GuaranteeResult result = checkAltered(decisions -> decisions.set(2, rejected("r1", "u1", SOLD_OUT, at(2))));

        // then
        assertFailed(result).first().asString().startsWith("c1: r1 of u1 was decided as CouponIssued");
    }

    @Test
    void shouldFailOnAnIssueThatChangesLater() {
        // when
        GuaranteeResult result = checkAltered(decisions -> decisions.set(2, issued("r1", "u1", 1, at(2))));

        // then
        assertFailed(result).hasSize(1);
    }

    @Test
    void shouldPassARevokedRequestThatIsRepeated() {
        // when
        GuaranteeResult result = guarantee.check(Evidence.of(saleWithRevocations()));

        // then
        assertPassed(result);
    }

    static Stream<CouponOutcome> otherThanRevoked() {
        return Stream.of(issued("r1", "u1", 1, at(1)), issued("r1", "u1", 4, at(7), 3),
                rejected("r1", "u1", SOLD_OUT, at(7)));
    }

    /** The decision at index 7 answers r1 again, after its coupon was revoked. */
    @ParameterizedTest
    @MethodSource("otherThanRevoked")
    void shouldFailOnAnotherAnswerAfterARevocation(CouponOutcome outcome) {
        // given
        CouponLog altered = altered(saleWithRevocations(), decisions -> decisions.set(7, outcome));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(altered));

        // then
        assertFailed(result).singleElement().asString().startsWith("c1: r1 of u1 was decided as CouponIssued")
                .endsWith("after its coupon was revoked");
    }

    @Test
    void shouldFailOnAnAcknowledgedRequestThatIsNotInTheLog() {
        // given
        var evidence = Evidence.of(sale())
                .withAnswers(List.of(answer("r7", "u7", Reply.accepted()), answer("r8", "u8", Reply.issued(1))));

        // when
        GuaranteeResult result = guarantee.check(evidence);

        // then
        assertFailed(result).containsExactly("c1: r7 of u7 was acknowledged but has no outcome",
                "c1: r8 of u8 was acknowledged but has no outcome");
    }

    @Test
    void shouldPassAnInvalidCommandWithItsOutcome() {
        // when
        GuaranteeResult result = guarantee.check(Evidence.of(logWithInvalidCommands()));

        // then
        assertPassed(result);
    }

    @Test
    void shouldFailOnAnInvalidCommandWithoutOutcome() {
        // given
        CouponLog unanswered = altered(logWithInvalidCommands(), List::removeLast);

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(unanswered));

        // then
        assertFailed(result).containsExactly("c1: r9: 1 commands, 0 outcomes");
    }

    /** The sale followed by two invalid commands, of which only r9 has a readable key and so an outcome. */
    private static CouponLog logWithInvalidCommands() {
        List<CommandRecord> commands = new ArrayList<>(sale().commands());
        commands.add(new UnreadableCommand(0, 90, at(9), Optional.of(COUPON), Optional.of(requestId("r9")), "no type"));
        commands.add(new UnreadableCommand(0, 91, at(9), Optional.empty(), Optional.of(requestId("r8")), "no key"));
        return LogFixture.decided(commands);
    }

    private static Answer answer(String request, String user, Reply reply) {
        return new Answer(requestId(request), COUPON, userId(user), reply, at(1), at(2));
    }

    private GuaranteeResult checkAltered(Consumer<List<CouponOutcome>> change) {
        return guarantee.check(Evidence.of(altered(sale(), change)));
    }
}
