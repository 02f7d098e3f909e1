package io.firstcome.testkit.guarantee;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.UserId;

/** When each reason to turn a user away was true of one coupon, as far as its outcomes tell. */
final class CommittedFacts {

    /** What holds between two outcomes that matter; few, however many are issued. */
    private record Standing(CouponDefinition definition, CouponStatus status, boolean soldOut) {}

    private record Stretch(Span span, Standing standing) {}

    private final List<Stretch> past = new ArrayList<>();
    private final Map<UserId, CouponIssued> holders = new HashMap<>();
    private Optional<Standing> present = Optional.empty();
    private Instant presentSince = Instant.MIN;
    private long issued;

    static Map<CouponId, CommittedFacts> of(List<CouponOutcome> outcomes) {
        Map<CouponId, CommittedFacts> facts = new HashMap<>();
        for (CouponOutcome outcome : outcomes) {
            facts.computeIfAbsent(outcome.couponId(), id -> new CommittedFacts()).apply(outcome);
        }
        return facts;
    }

    private void apply(CouponOutcome outcome) {
        if (outcome instanceof CouponChanged changed) {
            CouponState state = changed.state();
            become(state.definition(), state.status(), outcome.decidedAt());
        } else if (outcome instanceof CouponIssued won && holders.putIfAbsent(won.userId(), won) == null) {
            issued++;
            present.ifPresent(now -> become(now.definition(), now.status(), outcome.decidedAt()));
        }
    }

    private void become(CouponDefinition definition, CouponStatus status, Instant since) {
        var next = new Standing(definition, status, issued >= definition.stock());
        if (!present.equals(Optional.of(next))) {
            present.ifPresent(ended -> past.add(new Stretch(new Span(presentSince, since), ended)));
            present = Optional.of(next);
            presentSince = since;
        }
    }

    /** The issue that the user won, if they won one. */
    Optional<CouponIssued> heldBy(UserId user) {
        return Optional.ofNullable(holders.get(user));
    }

    /** Whether the reason was true of this user at some moment within the span. */
    boolean heldWithin(Span span, RejectionReason reason, UserId user) {
        return spansOf(reason, user).anyMatch(span::overlaps);
    }

    private Stream<Span> spansOf(RejectionReason reason, UserId user) {
        return switch (reason) {
            case UNKNOWN_COUPON -> Stream.of(new Span(Instant.MIN, definedSince()));
            case ALREADY_ISSUED -> heldBy(user).stream().map(held -> new Span(held.issuedAt(), Instant.MAX));
            case PAUSED -> stretches().filter(s -> s.standing.status == CouponStatus.PAUSED).map(Stretch::span);
            case NOT_STARTED -> stretches().map(s -> s.span.notAfter(s.standing.definition.opensAt()));
            case ENDED -> stretches().map(CommittedFacts::ended);
            case SOLD_OUT -> stretches().filter(s -> s.standing.soldOut).map(Stretch::span);
        };
    }

    private static Span ended(Stretch stretch) {
        boolean closed = stretch.standing.status == CouponStatus.CLOSED;
        return closed ? stretch.span : stretch.span.notBefore(stretch.standing.definition.closesAt());
    }

    private Instant definedSince() {
        return stretches().findFirst().map(first -> first.span.from()).orElse(Instant.MAX);
    }

    private Stream<Stretch> stretches() {
        return Stream.concat(past.stream(),
                present.stream().map(now -> new Stretch(new Span(presentSince, Instant.MAX), now)));
    }
}
