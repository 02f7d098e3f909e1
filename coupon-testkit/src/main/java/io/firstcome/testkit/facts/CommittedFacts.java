package io.firstcome.testkit.facts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/** The time ranges in which each reason to reject a claim was true of one coupon, according to its outcomes. */
public final class CommittedFacts {

    /** The facts between two outcomes that change them. Issues change them only at the sell-out, so there are few. */
    private record Facts(CouponDefinition definition, CouponStatus status, boolean soldOut) {}

    private record Period(TimeRange range, Facts facts) {}

    private final List<Period> past = new ArrayList<>();
    private final Map<UserId, CouponIssued> holders = new HashMap<>();
    private Optional<Facts> current = Optional.empty();
    private Instant currentSince = Instant.MIN;
    private long issued;

    public static Map<CouponId, CommittedFacts> of(List<CouponOutcome> outcomes) {
        Map<CouponId, CommittedFacts> facts = new HashMap<>();
        for (CouponOutcome outcome : outcomes) {
            facts.computeIfAbsent(outcome.couponId(), _ -> new CommittedFacts()).apply(outcome);
        }
        return facts;
    }

    private void apply(CouponOutcome outcome) {
        if (outcome instanceof CouponChanged changed) {
            CouponState state = changed.state();
            change(state.definition(), state.status(), outcome.decidedAt());
        } else if (outcome instanceof CouponIssued won && holders.putIfAbsent(won.userId(), won) == null) {
            issued++;
            current.ifPresent(facts -> change(facts.definition(), facts.status(), outcome.decidedAt()));
        }
    }

    private void change(CouponDefinition definition, CouponStatus status, Instant since) {
        var next = new Facts(definition, status, issued >= definition.stock());
        if (!current.equals(Optional.of(next))) {
            current.ifPresent(ended -> past.add(new Period(new TimeRange(currentSince, since), ended)));
            current = Optional.of(next);
            currentSince = since;
        }
    }

    /** The issue that the user holds. */
    public Optional<CouponIssued> heldBy(UserId user) {
        return Optional.ofNullable(holders.get(user));
    }

    /** Whether the reason was true of this user at some time within the range. */
    public boolean heldWithin(TimeRange range, RejectionReason reason, UserId user) {
        return rangesOf(reason, user).anyMatch(range::overlaps);
    }

    private Stream<TimeRange> rangesOf(RejectionReason reason, UserId user) {
        return switch (reason) {
            case UNKNOWN_COUPON -> {
                Instant definedAt = periods().findFirst().map(first -> first.range.from()).orElse(Instant.MAX);
                yield Stream.of(new TimeRange(Instant.MIN, definedAt));
            }
            case ALREADY_ISSUED -> heldBy(user).stream().map(held -> new TimeRange(held.issuedAt(), Instant.MAX));
            // At least one issue precedes both; whether it was revoked before the range is not judged here.
            case LIMIT_REACHED, REVOKED -> heldBy(user).stream().map(held -> new TimeRange(held.issuedAt(), Instant.MAX));
            case PAUSED -> periods().filter(p -> p.facts.status == CouponStatus.PAUSED).map(Period::range);
            case NOT_STARTED -> periods().map(p -> p.range.notAfter(p.facts.definition.opensAt()));
            case ENDED -> periods().map(p -> p.facts.status.isFinal()
                    ? p.range
                    : p.range.notBefore(p.facts.definition.closesAt()));
            case SOLD_OUT -> periods().filter(p -> p.facts.soldOut).map(Period::range);
        };
    }

    private Stream<Period> periods() {
        return Stream.concat(past.stream(),
                current.stream().map(facts -> new Period(new TimeRange(currentSince, Instant.MAX), facts)));
    }
}
