package io.firstcome.testkit.guarantee.checks;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.Reply.Issued;
import io.firstcome.testkit.evidence.Reply.Rejected;
import io.firstcome.testkit.facts.ClaimKey;
import io.firstcome.testkit.facts.CommittedFacts;
import io.firstcome.testkit.facts.TimeRange;

/** Compares single answers with the outcomes in the log. */
public final class AnswerChecker {

    private final Map<ClaimKey, List<CouponOutcome>> outcomesByClaim = new HashMap<>();
    private final Map<CouponId, CommittedFacts> facts;
    private final Map<ClaimKey, Long> answerCounts;
    private final Duration clockSkew;
    private final Duration staleness;

    AnswerChecker(List<CouponOutcome> decisions, List<Answer> answers, Duration clockSkew, Duration staleness) {
        this.facts = CommittedFacts.of(decisions);
        this.answerCounts = answers.stream().collect(groupingBy(ClaimKey::of, counting()));
        this.clockSkew = clockSkew;
        this.staleness = staleness;
        decisions.forEach(outcome -> ClaimKey.of(outcome)
                .ifPresent(claim -> outcomesByClaim.computeIfAbsent(claim, _ -> new ArrayList<>()).add(outcome)));
    }

    /** How the log contradicts this answer; empty when it does not. */
    Optional<String> contradiction(Answer answer) {
        List<CouponOutcome> outcomes = outcomesByClaim.getOrDefault(ClaimKey.of(answer), List.of());
        boolean agrees = switch (answer.reply()) {
            case Issued issued -> outcomes.stream().anyMatch(outcome -> isIssueOf(issued.sequence(), outcome))
                    && mayStillHold(issued.sequence(), answer);
            case Rejected rejection -> outcomes.stream().anyMatch(outcome -> isSame(rejection, outcome))
                    || mayDifferFromOutcome(outcomes, answer) && wasTrue(rejection, answer);
            case Reply.Accepted _,Reply.InFlight _,Reply.Uncertain _ -> true;
        };
        return agrees
                ? Optional.empty()
                : Optional.of(answer.reply() + " at " + answer.receivedAt()
                        + (outcomes.isEmpty() ? " has no support in the log" : ", but the log has " + outcomes));
    }

    private static boolean isIssueOf(long sequence, CouponOutcome outcome) {
        return outcome instanceof CouponIssued issued && issued.sequence() == sequence;
    }

    /** A claim that is sent after its coupon was revoked must not get 201, except within the staleness. */
    private boolean mayStillHold(long sequence, Answer answer) {
        return factsOf(answer).revokedAt(sequence, answer.userId())
                .stream().allMatch(revokedAt -> around(answer).from().isBefore(revokedAt));
    }

    private static boolean isSame(Rejected rejection, CouponOutcome outcome) {
        return outcome instanceof IssueRejected rejected && rejected.reason() == rejection.reason()
                && (rejection.heldSequences().isEmpty() || rejection.heldSequences().equals(heldSequences(rejected)));
    }

    private static List<Long> heldSequences(IssueRejected rejected) {
        if (rejected.heldSequences() != null) {
            return rejected.heldSequences();
        }
        return rejected.heldSequence() == null ? List.of() : List.of(rejected.heldSequence());
    }

    /**
     * A claim that never reached the log, that was sent more than once, or whose coupon was revoked may have an answer
     * that is not an outcome.
     */
    private boolean mayDifferFromOutcome(List<CouponOutcome> outcomes, Answer answer) {
        return outcomes.isEmpty() || answerCounts.get(ClaimKey.of(answer)) > 1 || outcomes.stream().anyMatch(
                outcome -> outcome instanceof CouponIssued issued
                        && factsOf(answer).revokedAt(issued.sequence(), issued.userId()).isPresent());
    }

    /** While the claim's own coupon is held, the only correct answer is 201. */
    private boolean wasTrue(Rejected rejection, Answer answer) {
        CommittedFacts known = factsOf(answer);
        Optional<CouponIssued> won = known.issueTo(answer.requestId(), answer.userId());
        Stream<TimeRange> when = won.map(issued -> Stream.concat(Stream.of(beforeIssue(issued, answer)),
                known.revokedAt(issued.sequence(), answer.userId()).stream().map(around(answer)::notBefore)))
                .orElse(Stream.of(around(answer)));
        return when.anyMatch(range -> known.wasTrueWithin(range, rejection.reason(), rejection.heldSequences(),
                answer.requestId(), answer.userId()));
    }

    private CommittedFacts factsOf(Answer answer) {
        return facts.getOrDefault(answer.couponId(), new CommittedFacts());
    }

    private TimeRange around(Answer answer) {
        Instant end = answer.receivedAt().plus(clockSkew).plusMillis(1);
        return new TimeRange(answer.sentAt().minus(clockSkew).minus(staleness), end);
    }

    /**
     * The part of {@link #around} before the claim was issued. A request sent after the issue must be answered with
     * 201, so its range is empty.
     */
    private TimeRange beforeIssue(CouponIssued issued, Answer answer) {
        boolean sentBefore = !answer.sentAt().minus(clockSkew).isAfter(issued.issuedAt());
        return sentBefore
                ? around(answer).notAfter(issued.issuedAt())
                : new TimeRange(issued.issuedAt(), issued.issuedAt());
    }
}
