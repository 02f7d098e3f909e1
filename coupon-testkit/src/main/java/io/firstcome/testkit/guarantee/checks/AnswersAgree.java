package io.firstcome.testkit.guarantee.checks;

import java.time.Duration;
import java.util.List;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.facts.ClaimKey;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;

/**
 * No HTTP answer contradicts the log.
 *
 * <ul>
 * <li>For every 201 the log has a {@code CouponIssued} with the same request, user and sequence, which was not revoked
 * earlier than {@code staleness} before the request was sent.
 * <li>A final rejection of a claim that is in the log equals the claim's outcome.
 * <li>Any other final rejection, from the gate or from an ingress's memory, is a committed fact: according to the log
 * its reason was true at some time between {@code staleness} before the request was sent and the receipt of the answer.
 * A claim that was sent more than once may get such a rejection in addition to its outcome, but not while its coupon is
 * held: then the only correct answer is 201. After its coupon was revoked, {@code REVOKED} is true of the claim.
 * </ul>
 *
 * <p>Answers that leave the result open (429, 5xx, timeouts) cannot contradict the log. {@link EveryAckAnswered} checks
 * that every 202 has an outcome.
 */
public final class AnswersAgree implements Guarantee {

    private final Duration clockSkew;
    private final Duration staleness;

    /**
     * @param clockSkew the maximum difference between a client's clock and a broker's; zero when they share a clock
     * @param staleness how long after a fact ceased to be true an answer may still rely on it
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
        var checker = new AnswerChecker(decisions, answers, clockSkew, staleness);
        var violations = new ViolationCollector();
        answers.forEach(answer -> checker.contradiction(answer)
                .ifPresent(why -> violations.add("%s: %s", ClaimKey.of(answer), why)));
        return violations.orPass("%s, no contradictions", ViolationCollector.count(answers.size(), "answer"));
    }
}
