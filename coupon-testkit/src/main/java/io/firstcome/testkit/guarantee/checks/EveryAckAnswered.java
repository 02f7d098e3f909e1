package io.firstcome.testkit.guarantee.checks;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.facts.ClaimKey;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.LoggedCommand;
import io.firstcome.testkit.log.UnreadableCommand;

/**
 * Every command has exactly one outcome.
 *
 * <ul>
 * <li>A request has as many outcomes as it has records in {@code coupon-commands}. A record without a readable request
 * id has none.
 * <li>The outcomes of one claim are consistent: after any number of rejections, the first {@code CouponIssued} is
 * followed only by equal {@code CouponIssued}, and after the coupon was revoked only by {@code REVOKED}.
 * <li>Every claim that HTTP answered with 202 or 201 has an outcome.
 * </ul>
 */
public final class EveryAckAnswered implements Guarantee {

    /** Identifies a request: a command and its outcome have equal keys. */
    private record RequestKey(CouponId couponId, RequestId requestId) {}

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new ViolationCollector();
        checkCounts(evidence, violations);
        Map<ClaimKey, CouponOutcome> lastOutcomes = checkAgreement(evidence.log().decisions(), violations);
        List<Answer> acknowledged = evidence.answers().stream().flatMap(List::stream).filter(this::isAck).toList();
        for (Answer answer : acknowledged) {
            ClaimKey claim = ClaimKey.of(answer);
            violations.addIf(!lastOutcomes.containsKey(claim), "%s was acknowledged but has no outcome", claim);
        }
        return violations.orPass("%s, %s, %s", ViolationCollector.count(evidence.log().commands().size(), "command"),
                ViolationCollector.count(evidence.log().outcomes().size(), "outcome"),
                ViolationCollector.count(acknowledged.size(), "acknowledged answer"));
    }

    private static void checkCounts(Evidence evidence, ViolationCollector violations) {
        var commands = count(evidence.log().commands().stream().map(EveryAckAnswered::key).flatMap(Optional::stream));
        var outcomes = count(evidence.log().decisions().stream().map(o -> new RequestKey(o.couponId(), o.requestId())));
        commands.forEach((request, commandCount) -> {
            long outcomeCount = outcomes.getOrDefault(request, 0L);
            violations.addIf(commandCount != outcomeCount, "%s: %s: %d commands, %d outcomes",
                    request.couponId(), request.requestId(), commandCount, outcomeCount);
        });
        outcomes.keySet()
                .stream()
                .filter(request -> !commands.containsKey(request))
                .forEach(request -> violations.add("%s: %s: an outcome without a command",
                        request.couponId(), request.requestId()));
    }

    private static Map<RequestKey, Long> count(Stream<RequestKey> requests) {
        return requests.collect(groupingBy(Function.identity(), LinkedHashMap::new, counting()));
    }

    private static Optional<RequestKey> key(CommandRecord record) {
        return switch (record) {
            case LoggedCommand logged -> Optional.of(new RequestKey(logged.key(), logged.command().requestId()));
            case UnreadableCommand invalid -> invalid.key()
                    .flatMap(key -> invalid.requestId().map(id -> new RequestKey(key, id)));
        };
    }

    private static Map<ClaimKey, CouponOutcome> checkAgreement(List<CouponOutcome> outcomes,
            ViolationCollector violations) {
        Map<ClaimKey, CouponOutcome> lastOutcomes = new HashMap<>();
        Set<ClaimKey> revoked = new HashSet<>();
        Set<CouponId> archived = new HashSet<>();
        for (CouponOutcome outcome : outcomes) {
            if (outcome instanceof IssueRevoked revocation) {
                revoked.add(ClaimKey.revokedBy(revocation));
            }
            if (outcome instanceof CouponChanged changed && changed.state().status() == CouponStatus.ARCHIVED) {
                archived.add(changed.couponId());
            }
            ClaimKey.of(outcome).ifPresent(claim -> {
                CouponOutcome before = lastOutcomes.put(claim, outcome);
                boolean isConsistent;
                String since = "";
                if (archived.contains(claim.couponId())) {
                    isConsistent = isRejected(outcome, RejectionReason.ENDED);
                    since = ", after the coupon was archived";
                } else if (revoked.contains(claim)) {
                    isConsistent = isRejected(outcome, RejectionReason.REVOKED);
                    since = ", after its coupon was revoked";
                } else {
                    isConsistent = !(before instanceof CouponIssued) || before.equals(outcome);
                }
                violations.addIf(!isConsistent, "%s was decided as %s and later as %s%s", claim, before, outcome,
                        since);
            });
        }
        return lastOutcomes;
    }

    private static boolean isRejected(CouponOutcome outcome, RejectionReason reason) {
        return outcome instanceof IssueRejected rejected && rejected.reason() == reason;
    }

    private boolean isAck(Answer answer) {
        return switch (answer.reply()) {
            case Reply.Accepted _,Reply.Issued _ -> true;
            case Reply.InFlight _,Reply.Rejected _,Reply.Uncertain _ -> false;
        };
    }
}
