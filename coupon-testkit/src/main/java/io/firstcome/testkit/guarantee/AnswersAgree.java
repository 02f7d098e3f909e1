package io.firstcome.testkit.guarantee;

import java.time.Duration;
import java.util.List;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;

/**
 * No HTTP answer contradicts the log.
 *
 * <ul>
 * <li>A 201 has a {@code CouponIssued} of that request, user and number.
 * <li>A final no to a claim that the log decided is that decision.
 * <li>A final no from anywhere else (the gate, the registry) is a committed fact: what it says was true, by the log, at
 * some moment between {@code staleness} before the request was sent and the answer. A claim that was sent more than
 * once may have such an answer beside its outcome, but not once it had won: from then on its only answer is the 201.
 * </ul>
 *
 * <p>What claims nothing (429, 5xx, time-outs) cannot contradict anything; that every 202 is decided is
 * {@link EveryAckAnswered}.
 */
public final class AnswersAgree implements Guarantee {

    private final Duration clockSkew;
    private final Duration staleness;

    /**
     * @param clockSkew how far the clients' clocks may be from the brokers'; zero where they share one
     * @param staleness how long an answer may be late to learn that a fact has ceased to hold
     */
    public AnswersAgree(Duration clockSkew, Duration staleness) {
        this.clockSkew = clockSkew;
        this.staleness = staleness;
    }

    @Override
    public GuaranteeResult check(Evidence evidence) {
        return evidence.answers()
                .map(answers -> check(evidence.log().decisions(), answers))
                .orElseGet(() -> new GuaranteeResult.NotChecked("HTTP answers were not collected"));
    }

    private GuaranteeResult check(List<CouponOutcome> decisions, List<Answer> answers) {
        var judge = new AnswerJudge(decisions, answers, clockSkew, staleness);
        var violations = new Violations();
        answers.forEach(answer -> judge.contradiction(answer)
                .ifPresent(why -> violations.add("%s: %s", ClaimKey.of(answer), why)));
        return violations.orPass("%d answers, none against the log", answers.size());
    }
}
