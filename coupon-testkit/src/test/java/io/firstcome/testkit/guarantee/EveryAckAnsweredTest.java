package io.firstcome.testkit.guarantee;

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
import static io.firstcome.testkit.guarantee.Scene.sale;
import static io.firstcome.testkit.guarantee.Scene.spoiled;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.CommandRecord;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.UnreadableCommand;
import io.firstcome.testkit.fixture.LogFixture;

class EveryAckAnsweredTest {

    private final EveryAckAnswered guarantee = new EveryAckAnswered();

    private static Answer answer(String request, String user, Reply reply) {
        return new Answer(requestId(request), COUPON, userId(user), reply, at(1), at(2));
    }

    @Test
    void shouldPassASaleThatWentWell() {
        // given
        var answers = List.of(answer("r1", "u1", Reply.accepted()), answer("r2", "u2", Reply.issued(2)),
                answer("r8", "u8", Reply.uncertain("503")), answer("r9", "u9", Reply.rejected(SOLD_OUT)),
                answer("r7", "u1", new Reply.InFlight(requestId("r1"))));

        // then
        assertPassed(guarantee.check(Evidence.of(sale()).withAnswers(answers)),
                "6 commands, 6 outcomes, 2 acknowledged answers");
    }

    @Test
    void shouldPassARequestThatWasRejectedAndWonWhenSentAgain() {
        // given
        var log = new LogFixture().append(at(-9), define("a1", 1))
                .append(at(-1), issue("r1", "u1"))
                .append(at(1), issue("r1", "u1"));

        // then
        assertPassed(guarantee.check(Evidence.of(log.decided())));
    }

    @Test
    void shouldSeeACommandThatWasNeverDecided() {
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), d -> d.remove(4)))))
                .containsExactly("c1: r3: 1 commands, 0 outcomes");
    }

    @Test
    void shouldSeeACommandThatWasDecidedTwice() {
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), d -> d.add(d.getLast())))))
                .containsExactly("c1: r4: 1 commands, 2 outcomes");
    }

    @Test
    void shouldSeeAnOutcomeThatNobodyAskedFor() {
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), d -> d.add(rejected("r9", "u9", SOLD_OUT, at(9)))))))
                .containsExactly("c1: r9: an outcome without a command");
    }

    @Test
    void shouldSeeAWinnerWhoIsRejectedLater() {
        assertFailed(
                guarantee.check(Evidence.of(spoiled(sale(), d -> d.set(2, rejected("r1", "u1", SOLD_OUT, at(2)))))))
                .first().asString().startsWith("c1: r1 of u1 was decided as CouponIssued");
    }

    @Test
    void shouldSeeAWinnerWhoseIssueChangesLater() {
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), d -> d.set(2, issued("r1", "u1", 1, at(2)))))))
                .hasSize(1);
    }

    @Test
    void shouldSeeAnAcknowledgedRequestThatIsNowhere() {
        // given
        var evidence = Evidence.of(sale())
                .withAnswers(List.of(answer("r7", "u7", Reply.accepted()), answer("r8", "u8", Reply.issued(1))));

        // then
        assertFailed(guarantee.check(evidence)).containsExactly("c1: r7 of u7 was acknowledged and has no outcome",
                "c1: r8 of u8 was acknowledged and has no outcome");
    }

    @Test
    void shouldExpectAnAnswerToGarbageThatNamesItsSender() {
        // given
        List<CommandRecord> commands = new ArrayList<>(sale().commands());
        commands.add(new UnreadableCommand(0, 90, at(9), Optional.of(COUPON), Optional.of(requestId("r9")), "no type"));
        commands.add(new UnreadableCommand(0, 91, at(9), Optional.empty(), Optional.of(requestId("r8")), "no key"));
        var log = LogFixture.decided(commands);

        // then
        assertPassed(guarantee.check(Evidence.of(log)));
        assertFailed(guarantee.check(Evidence.of(spoiled(log, List::removeLast))))
                .containsExactly("c1: r9: 1 commands, 0 outcomes");
    }
}
