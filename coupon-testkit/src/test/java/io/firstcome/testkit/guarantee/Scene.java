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

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.UserId;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.evidence.LoggedOutcome;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.fixture.LogFixture;

/** A small sale in which everything went well, and the means to spoil it. */
final class Scene {

    private Scene() {}

    /** One coupon, three users: u1 and u2 win, u1 is delivered again and asks again, u3 is late. */
    static CouponLog sale() {
        return new LogFixture()
                .append(at(0), define("a1", 2))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), issue("r1", "u1"))
                .append(at(3), issue("r2", "u2"))
                .append(at(4), issue("r3", "u3"))
                .append(at(5), issue("r4", "u1"))
                .decided();
    }

    /** The log with its decisions changed by hand; offsets are given anew. */
    static CouponLog spoiled(CouponLog log, Consumer<List<CouponOutcome>> hand) {
        List<CouponOutcome> decisions = new ArrayList<>(log.decisions());
        hand.accept(decisions);
        List<LoggedOutcome> outcomes = new ArrayList<>();
        decisions.forEach(outcome -> outcomes.add(new LoggedOutcome(0, outcomes.size(), outcome)));
        return new CouponLog(log.commands(), outcomes, log.states());
    }

    /** What a sink that did its work would have stored. */
    static StoredRows stored(CouponLog log) {
        List<StoredIssue> issues = new ArrayList<>();
        log.decisions().stream().distinct().filter(CouponIssued.class::isInstance).map(CouponIssued.class::cast)
                .forEach(won -> issues.add(new StoredIssue(won.couponId(), won.userId(), won.sequence(),
                        won.requestId(), won.issuedAt())));
        List<StoredCoupon> coupons = new ArrayList<>();
        log.states().orElseThrow().values().forEach(state -> coupons.add(
                new StoredCoupon(state.couponId(), state.definition().stock(), state.issued(), state.status())));
        return new StoredRows(issues, coupons);
    }

    /** What a gate that followed the topics would hold. */
    static Map<CouponId, GateView> gate(CouponLog log) {
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
        for (StoredIssue issue : stored(log).issues()) {
            if (issue.couponId().equals(couponId)) {
                holders.put(issue.userId(), issue.sequence());
            }
        }
        return holders;
    }

    /** What every client was told who saw its request through: 202 at once, and then how it ended. */
    static List<Answer> answers(CouponLog log) {
        List<Answer> answers = new ArrayList<>();
        log.decisions().forEach(outcome -> {
            switch (outcome) {
                case CouponIssued won -> tell(won.userId(), won, Reply.issued(won.sequence()), answers);
                case IssueRejected no -> tell(no.userId(), no, reply(no), answers);
                case CouponChanged changed -> {
                }
                case ChangeRejected rejected -> {
                }
                case CommandInvalid invalid -> {
                }
            }
        });
        return answers;
    }

    private static Reply reply(IssueRejected no) {
        return no.heldSequence() == null ? Reply.rejected(no.reason()) : Reply.alreadyIssued(no.heldSequence());
    }

    private static void tell(UserId user, CouponOutcome outcome, Reply reply, List<Answer> answers) {
        Instant when = outcome.decidedAt();
        answers.add(new Answer(outcome.requestId(), outcome.couponId(), user, Reply.accepted(), when, when));
        answers.add(new Answer(outcome.requestId(), outcome.couponId(), user, reply, when, when));
    }

    /** Evidence of all kinds, all of it as it should be. */
    static Evidence everythingOf(CouponLog log) {
        return Evidence.of(log).withStored(stored(log)).withGate(gate(log)).withAnswers(answers(log));
    }
}
