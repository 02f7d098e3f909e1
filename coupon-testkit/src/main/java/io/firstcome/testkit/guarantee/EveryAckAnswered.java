package io.firstcome.testkit.guarantee;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.RequestId;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.CommandRecord;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.LoggedCommand;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.UnreadableCommand;

/**
 * What was acknowledged is decided, once.
 *
 * <ul>
 * <li>Each record of the log has one outcome: a request that stands in the log twice, because it was sent twice, has
 * two.
 * <li>The outcomes of one claim agree: any number of rejections (each was true when it was made), then, once it won,
 * the same {@code CouponIssued} for ever.
 * <li>Each claim that HTTP answered with 202 or 201 has an outcome.
 * </ul>
 */
public final class EveryAckAnswered implements Guarantee {

    /** What a command and its outcome have in common. */
    private record Attempt(CouponId couponId, RequestId requestId) {}

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new Violations();
        checkCounts(evidence, violations);
        Map<ClaimKey, CouponOutcome> lastOutcomes = checkAgreement(evidence.log().decisions(), violations);
        List<Answer> acknowledged = evidence.answers().stream().flatMap(List::stream).filter(this::isAck).toList();
        for (Answer answer : acknowledged) {
            ClaimKey claim = ClaimKey.of(answer);
            violations.addIf(!lastOutcomes.containsKey(claim), "%s was acknowledged and has no outcome", claim);
        }
        return violations.orPass("%d commands, %d outcomes, %d acknowledged answers", evidence.log().commands().size(),
                evidence.log().outcomes().size(), acknowledged.size());
    }

    private static void checkCounts(Evidence evidence, Violations violations) {
        var commands = count(
                evidence.log().commands().stream().map(EveryAckAnswered::attempt).flatMap(Optional::stream));
        var outcomes = count(evidence.log().decisions().stream().map(o -> new Attempt(o.couponId(), o.requestId())));
        commands.forEach((attempt, sent) -> {
            long decided = outcomes.getOrDefault(attempt, 0L);
            violations.addIf(sent != decided, "%s: %s: %d commands, %d outcomes",
                    attempt.couponId(), attempt.requestId(), sent, decided);
        });
        outcomes.keySet()
                .stream()
                .filter(attempt -> !commands.containsKey(attempt))
                .forEach(attempt -> violations.add("%s: %s: an outcome without a command",
                        attempt.couponId(), attempt.requestId()));
    }

    private static Map<Attempt, Long> count(Stream<Attempt> attempts) {
        return attempts.collect(groupingBy(Function.identity(), LinkedHashMap::new, counting()));
    }

    private static Optional<Attempt> attempt(CommandRecord received) {
        return switch (received) {
            case LoggedCommand logged -> Optional.of(new Attempt(logged.key(), logged.command().requestId()));
            case UnreadableCommand garbage -> garbage.key()
                    .flatMap(key -> garbage.requestId().map(id -> new Attempt(key, id)));
        };
    }

    private static Map<ClaimKey, CouponOutcome> checkAgreement(List<CouponOutcome> outcomes, Violations violations) {
        Map<ClaimKey, CouponOutcome> lastOutcomes = new HashMap<>();
        for (CouponOutcome outcome : outcomes) {
            ClaimKey.of(outcome).ifPresent(claim -> {
                CouponOutcome before = lastOutcomes.put(claim, outcome);
                violations.addIf(before instanceof CouponIssued && !before.equals(outcome),
                        "%s was decided as %s and later as %s", claim, before, outcome);
            });
        }
        return lastOutcomes;
    }

    private boolean isAck(Answer answer) {
        return switch (answer.reply()) {
            case Reply.Accepted accepted -> true;
            case Reply.Issued issued -> true;
            case Reply.InFlight inFlight -> false;
            case Reply.Rejected rejected -> false;
            case Reply.Uncertain uncertain -> false;
        };
    }
}
