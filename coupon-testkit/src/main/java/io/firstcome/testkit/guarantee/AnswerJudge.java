package io.firstcome.testkit.guarantee;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.Reply.Issued;
import io.firstcome.testkit.evidence.Reply.Rejected;

/** Holds single answers against what was decided. */
final class AnswerJudge {

    private final Map<ClaimKey, List<CouponOutcome>> decided = new HashMap<>();
    private final Map<CouponId, CommittedFacts> facts;
    private final Map<ClaimKey, Long> timesAnswered;
    private final Duration clockSkew;
    private final Duration staleness;

    AnswerJudge(List<CouponOutcome> decisions, List<Answer> answers, Duration clockSkew, Duration staleness) {
        this.facts = CommittedFacts.of(decisions);
        this.timesAnswered = answers.stream().collect(groupingBy(ClaimKey::of, counting()));
        this.clockSkew = clockSkew;
        this.staleness = staleness;
        decisions.forEach(outcome -> ClaimKey.of(outcome)
                .ifPresent(claim -> decided.computeIfAbsent(claim, c -> new ArrayList<>()).add(outcome)));
    }

    /** What in the log speaks against this answer. */
    Optional<String> contradiction(Answer answer) {
        List<CouponOutcome> outcomes = decided.getOrDefault(ClaimKey.of(answer), List.of());
        boolean agrees = switch (answer.reply()) {
            case Issued issued -> outcomes.stream().anyMatch(outcome -> isIssueOf(issued.sequence(), outcome));
            case Rejected no -> outcomes.stream().anyMatch(outcome -> isSame(no, outcome))
                    || maySayMoreThan(outcomes, answer) && wasTrue(no, answer);
            case Reply.Accepted accepted -> true;
            case Reply.InFlight inFlight -> true;
            case Reply.Uncertain uncertain -> true;
        };
        return agrees
                ? Optional.empty()
                : Optional.of(answer.reply() + " at " + answer.receivedAt()
                        + (outcomes.isEmpty() ? " is no fact by the log" : " where the log says " + outcomes));
    }

    private static boolean isIssueOf(long sequence, CouponOutcome outcome) {
        return outcome instanceof CouponIssued issued && issued.sequence() == sequence;
    }

    private static boolean isSame(Rejected no, CouponOutcome outcome) {
        return outcome instanceof IssueRejected rejected && rejected.reason() == no.reason()
                && (no.heldSequence().isEmpty() || no.heldSequence().equals(heldSequence(rejected)));
    }

    private static OptionalLong heldSequence(IssueRejected rejected) {
        return rejected.heldSequence() == null ? OptionalLong.empty() : OptionalLong.of(rejected.heldSequence());
    }

    /** An answer need not come from the log if its claim never got there, or was sent again. */
    private boolean maySayMoreThan(List<CouponOutcome> outcomes, Answer answer) {
        return outcomes.isEmpty() || timesAnswered.get(ClaimKey.of(answer)) > 1;
    }

    private boolean wasTrue(Rejected no, Answer answer) {
        CommittedFacts known = facts.getOrDefault(answer.couponId(), new CommittedFacts());
        Optional<CouponIssued> held = known.heldBy(answer.userId());
        Optional<CouponIssued> won = held.filter(issued -> issued.requestId().equals(answer.requestId()));
        Span when = won.map(issued -> before(issued, answer)).orElse(around(answer));
        return known.heldWithin(when, no.reason(), answer.userId())
                && (no.heldSequence().isEmpty()
                        || held.stream().anyMatch(i -> isIssueOf(no.heldSequence().orElseThrow(), i)));
    }

    private Span around(Answer answer) {
        Instant heardOf = answer.receivedAt().plus(clockSkew).plusMillis(1);
        return new Span(answer.sentAt().minus(clockSkew).minus(staleness), heardOf);
    }

    /** Of a claim that won, only what was true before it won; and nothing at all if it was sent again after that. */
    private Span before(CouponIssued won, Answer answer) {
        boolean sentBefore = !answer.sentAt().minus(clockSkew).isAfter(won.issuedAt());
        return sentBefore ? around(answer).notAfter(won.issuedAt()) : new Span(won.issuedAt(), won.issuedAt());
    }
}
