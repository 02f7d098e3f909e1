package io.firstcome.testkit.facts;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.facts.Timeline.Period;

/** The time ranges in which each reason to reject a claim was true of one coupon, according to its outcomes. */
public final class CommittedFacts {

    /** The facts of the coupon. Issues and revocations change them at the sell-out and at its end only. */
    private record Facts(CouponDefinition definition, CouponStatus status, boolean soldOut) {

        /** How many issues of a user there may be, revoked ones included. */
        int maxIssues() {
            return definition.reclaim() ? CouponDefinition.MAX_ISSUES_PER_USER : definition.perUser();
        }
    }

    private final Timeline<Facts> facts = new Timeline<>();
    private final Map<UserId, Timeline<UserIssues>> users = new HashMap<>();
    private long held;

    public static Map<CouponId, CommittedFacts> of(List<CouponOutcome> outcomes) {
        Map<CouponId, CommittedFacts> facts = new HashMap<>();
        for (CouponOutcome outcome : outcomes) {
            facts.computeIfAbsent(outcome.couponId(), _ -> new CommittedFacts()).apply(outcome);
        }
        return facts;
    }

    private void apply(CouponOutcome outcome) {
        switch (outcome) {
            case CouponChanged changed -> {
                CouponState state = changed.state();
                change(state.definition(), state.status(), outcome.decidedAt());
            }
            case CouponIssued issued -> {
                UserIssues before = issuesOf(issued.userId());
                if (!before.has(issued.sequence())) {
                    changeHolder(issued.userId(), before.with(issued), 1, outcome.decidedAt());
                }
            }
            case IssueRevoked revoked -> {
                UserIssues before = issuesOf(revoked.userId());
                if (before.holds(revoked.sequence())) {
                    changeHolder(revoked.userId(), before.with(revoked), -1, outcome.decidedAt());
                }
            }
            case IssueRejected _,ChangeRejected _,CommandInvalid _ -> {
            }
        }
    }

    private void changeHolder(UserId user, UserIssues issues, int difference, Instant since) {
        users.computeIfAbsent(user, _ -> new Timeline<>()).change(issues, since);
        held += difference;
        facts.last().ifPresent(now -> change(now.definition(), now.status(), since));
    }

    private void change(CouponDefinition definition, CouponStatus status, Instant since) {
        facts.change(new Facts(definition, status, held >= definition.stock()), since);
    }

    private UserIssues issuesOf(UserId user) {
        return Optional.ofNullable(users.get(user)).flatMap(Timeline::last).orElse(UserIssues.NONE);
    }

    /** The user's issue to this request, revoked or not. */
    public Optional<CouponIssued> issueTo(RequestId request, UserId user) {
        return issuesOf(user).ofClaim(request);
    }

    /** When the coupon with this sequence was taken from the user; empty while the user holds it. */
    public Optional<Instant> revokedAt(long sequence, UserId user) {
        return issuesOf(user).revokedAt(sequence);
    }

    /**
     * Whether the reason was true of this claim at some time within the range.
     *
     * @param sequences the sequences that the user is said to hold; none when nothing is said
     */
    public boolean wasTrueWithin(TimeRange range, RejectionReason reason, List<Long> sequences, RequestId request,
            UserId user) {
        return rangesOf(reason, sequences, request, user).anyMatch(range::overlaps);
    }

    private Stream<TimeRange> rangesOf(RejectionReason reason, List<Long> sequences, RequestId request, UserId user) {
        return switch (reason) {
            case UNKNOWN_COUPON -> {
                Instant definedAt = facts.periods().findFirst().map(first -> first.range().from()).orElse(Instant.MAX);
                yield Stream.of(new TimeRange(Instant.MIN, definedAt));
            }
            case ALREADY_ISSUED -> limited(user, sequences).filter(period -> period.value().held().size() == 1)
                    .map(Period::range);
            case LIMIT_REACHED -> limited(user, sequences).filter(period -> period.value().held().size() > 1)
                    .map(Period::range);
            case REVOKED -> Stream.concat(ownRevocation(request, user), excluded(user));
            case PAUSED -> facts.periods().filter(p -> p.value().status() == CouponStatus.PAUSED).map(Period::range);
            case NOT_STARTED -> facts.periods().map(p -> p.range().notAfter(p.value().definition().opensAt()));
            case ENDED -> facts.periods().map(p -> p.value().status() == CouponStatus.CLOSED
                    ? p.range()
                    : p.range().notBefore(p.value().definition().closesAt()));
            case SOLD_OUT -> facts.periods().filter(p -> p.value().soldOut()).map(Period::range);
        };
    }

    /** When the user held as many as allowed, and these sequences if any are named. */
    private Stream<Period<UserIssues>> limited(UserId user, List<Long> sequences) {
        return periodsOf(user).filter(period -> sequences.isEmpty() || sequences.equals(period.value().held()))
                .flatMap(period -> facts.periods()
                        .filter(coupon -> period.value().held().size() >= coupon.value().definition().perUser())
                        .map(coupon -> period.within(coupon.range())));
    }

    private Stream<TimeRange> ownRevocation(RequestId request, UserId user) {
        return issueTo(request, user).flatMap(issued -> revokedAt(issued.sequence(), user)).stream()
                .map(since -> new TimeRange(since, Instant.MAX));
    }

    /** When the user could not be issued another coupon, although the user held fewer than allowed. */
    private Stream<TimeRange> excluded(UserId user) {
        return periodsOf(user).flatMap(period -> facts.periods()
                .filter(coupon -> period.value().held().size() < coupon.value().definition().perUser()
                        && period.value().count() >= coupon.value().maxIssues())
                .map(coupon -> period.within(coupon.range()).range()));
    }

    private Stream<Period<UserIssues>> periodsOf(UserId user) {
        return Optional.ofNullable(users.get(user)).stream().flatMap(Timeline::periods);
    }
}
