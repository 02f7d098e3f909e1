package io.firstcome.testkit.guarantee;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
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
        List<StoredIssue> issues = new ArrayList<>();
        log.decisions().stream().distinct().filter(CouponIssued.class::isInstance).map(CouponIssued.class::cast)
                .forEach(won -> issues.add(new StoredIssue(won.couponId(), won.userId(), won.sequence(),
                        won.requestId(), won.issuedAt())));
        List<StoredCoupon> coupons = new ArrayList<>();
        log.states().orElseThrow().values().forEach(state -> coupons.add(
                new StoredCoupon(state.couponId(), state.definition().stock(), state.issued(), state.status())));
        return new StoredRows(issues, coupons);
    }

    /** The content of a gate that has followed the topics. */
    public static Map<CouponId, GateView> gateViews(CouponLog log) {
        Map<CouponId, GateView> views = new HashMap<>();
        log.states().orElseThrow().forEach((couponId, state) -> views.put(couponId,
                new GateView(facts(state), holders(log, couponId))));
        return views;
    }

    private static GateView.Facts facts(CouponState state) {
        return new GateView.Facts(state.version(), state.status(), state.definition().stock(), state.issued(),
                state.definition().opensAt(), state.definition().closesAt());
    }

    private static Map<UserId, Long> holders(CouponLog log, CouponId couponId) {
        Map<UserId, Long> holders = new HashMap<>();
        for (StoredIssue issue : storedRows(log).issues()) {
            if (issue.couponId().equals(couponId)) {
                holders.put(issue.userId(), issue.sequence());
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
        return rejected.heldSequence() == null
                ? Reply.rejected(rejected.reason())
                : Reply.alreadyIssued(rejected.heldSequence());
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
