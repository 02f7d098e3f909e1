package io.firstcome.testkit.guarantee;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.limited;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedOutcome;

/** A small sale without errors, and methods to alter its evidence. */
public final class SaleFixture {

    private SaleFixture() {}

    /**
     * One coupon with stock 2: u1 and u2 are issued one, r1 is appended twice, u3 is too late, u1 claims again with r4.
     */
    public static CouponLog sale() {
        return new LogFixture()
                .append(at(0), define("a1", 2))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), issue("r1", "u1"))
                .append(at(3), issue("r2", "u2"))
                .append(at(4), issue("r3", "u3"))
                .append(at(5), issue("r4", "u1"))
                .decided();
    }

    /**
     * One coupon with stock 2 and two per user: u1 is issued two and loses the first, u2 gets its place, the claim of
     * the revoked coupon is repeated, u1 loses the second too, by two commands, and claims again.
     */
    public static CouponLog saleWithRevocations() {
        return new LogFixture()
                .append(at(0), define("a1", limited(2, 2, true)))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), issue("r2", "u1"))
                .append(at(3), issue("r3", "u1"))
                .append(at(4), issue("r4", "u2"))
                .append(at(5), revoke("a2", "u1", 1))
                .append(at(6), issue("r5", "u2"))
                .append(at(7), issue("r1", "u1"))
                .append(at(8), revoke("a3", "u1"))
                .append(at(9), revoke("a4", "u1", 2))
                .append(at(10), issue("r6", "u1"))
                .decided();
    }

    /** A copy of the log with altered decisions and new offsets. */
    public static CouponLog altered(CouponLog log, Consumer<List<CouponOutcome>> change) {
        List<CouponOutcome> decisions = new ArrayList<>(log.decisions());
        change.accept(decisions);
        List<LoggedOutcome> outcomes = new ArrayList<>();
        decisions.forEach(outcome -> outcomes.add(new LoggedOutcome(0, outcomes.size(), outcome)));
        return new CouponLog(log.commands(), outcomes, log.states());
    }

    /** The rows that a correct sink stores. */
    public static StoredRows storedRows(CouponLog log) {
        Map<CouponId, Map<Long, StoredIssue>> issues = new LinkedHashMap<>();
        for (CouponOutcome outcome : log.decisions()) {
            Map<Long, StoredIssue> rows = issues.computeIfAbsent(outcome.couponId(), _ -> new LinkedHashMap<>());
            if (outcome instanceof CouponIssued won) {
                rows.putIfAbsent(won.sequence(), new StoredIssue(won.couponId(), won.userId(), won.sequence(),
                        won.requestId(), won.issuedAt(), won.nth(), Optional.empty()));
            } else if (outcome instanceof IssueRevoked revoked) {
                rows.computeIfPresent(revoked.sequence(), (_, row) -> new StoredIssue(row.couponId(), row.userId(),
                        row.sequence(), row.requestId(), row.issuedAt(), row.nth(), Optional.of(revoked.revokedAt())));
            }
        }
        List<StoredCoupon> coupons = new ArrayList<>();
        log.states().orElseThrow().values().forEach(state -> coupons.add(
                new StoredCoupon(state.couponId(), state.definition().stock(), state.issued(), state.status(),
                        state.revoked(), state.definition().perUser(), state.definition().reclaim())));
        return new StoredRows(issues.values().stream().flatMap(rows -> rows.values().stream()).toList(), coupons);
    }

    /** The content of a gate that has followed the topics: without the holders of archived coupons. */
    public static Map<CouponId, GateView> gateViews(CouponLog log) {
        Map<CouponId, GateView> views = new HashMap<>();
        log.states().orElseThrow().forEach((couponId, state) -> views.put(couponId,
                new GateView(GateView.Facts.of(state, state.issued(), state.revoked()),
                        state.status() == CouponStatus.ARCHIVED ? Map.of() : holders(log, couponId))));
        return views;
    }

    private static Map<UserId, List<Long>> holders(CouponLog log, CouponId couponId) {
        Map<UserId, List<Long>> holders = new HashMap<>();
        for (StoredIssue issue : storedRows(log).issues()) {
            if (issue.couponId().equals(couponId) && issue.revokedAt().isEmpty()) {
                holders.computeIfAbsent(issue.userId(), _ -> new ArrayList<>()).add(issue.sequence());
            }
        }
        return holders;
    }

    /** The answers of clients that wait for the decision: 202 first, then the result. */
    public static List<Answer> answers(CouponLog log) {
        List<Answer> answers = new ArrayList<>();
        log.decisions().forEach(outcome -> {
            switch (outcome) {
                case CouponIssued issued -> add(issued.userId(), issued, Reply.issued(issued.sequence()), answers);
                case IssueRejected rejected -> add(rejected.userId(), rejected, reply(rejected), answers);
                case CouponChanged _,ChangeRejected _,CommandInvalid _,IssueRevoked _ -> {
                }
            }
        });
        return answers;
    }

    private static Reply reply(IssueRejected rejected) {
        return switch (rejected.reason()) {
            case ALREADY_ISSUED -> Reply.alreadyIssued(rejected.heldSequence());
            case LIMIT_REACHED -> Reply.limitReached(rejected.heldSequences());
            case UNKNOWN_COUPON, REVOKED, PAUSED, NOT_STARTED, ENDED, SOLD_OUT -> Reply.rejected(rejected.reason());
        };
    }

    private static void add(UserId user, CouponOutcome outcome, Reply reply, List<Answer> answers) {
        Instant when = outcome.decidedAt();
        answers.add(new Answer(outcome.requestId(), outcome.couponId(), user, Reply.accepted(), when, when));
        answers.add(new Answer(outcome.requestId(), outcome.couponId(), user, reply, when, when));
    }

    /** Evidence of all kinds that satisfies every guarantee. */
    public static Evidence completeEvidence(CouponLog log) {
        return Evidence.of(log).withStored(storedRows(log)).withGate(gateViews(log)).withAnswers(answers(log));
    }
}
