package io.firstcome.testkit.cases;

import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/** A case as people write it: short, with the usual window and a status unless they say otherwise. */
record WrittenCase(String name, WrittenGiven given, WrittenWhen when, WrittenThen then) {

    WrittenCase {
        require(name != null && !name.isBlank(), "name", "is missing");
        require(given != null, "given", "is missing");
        require(when != null, "when", "is missing");
        require(then != null, "then", "is missing");
    }

    record WrittenGiven(WrittenCoupon coupon, Instant clock, List<WrittenHolder> holders,
            List<WrittenReservation> inFlight) {
        WrittenGiven {
            holders = Objects.requireNonNullElse(holders, List.of());
            inFlight = Objects.requireNonNullElse(inFlight, List.of());
            require(coupon != null || holders.isEmpty(), "holders", "need a coupon");
        }
    }

    record WrittenCoupon(long stock, Long issued, CouponStatus status, Instant opensAt, Instant closesAt) {
        CouponState state(int holders) {
            var definition = new CouponDefinition(COUPON, "Coffee", stock,
                    Objects.requireNonNullElse(opensAt, OPENS_AT),
                    Objects.requireNonNullElse(closesAt, CLOSES_AT));
            var state = new CouponState(definition, Objects.requireNonNullElse(status, CouponStatus.ACTIVE), 1,
                    issued == null ? holders : issued);
            require(state.issued() >= holders, "issued", "must not be less than the holders");
            return state;
        }
    }

    record WrittenHolder(UserId user, RequestId request, long sequence, Instant at) {
        CouponIssued issued() {
            return new CouponIssued(request, COUPON, user, sequence, at);
        }
    }

    record WrittenReservation(UserId user, RequestId request, Instant until) {
        WrittenReservation {
            require(user != null && request != null && until != null, "inFlight", "needs user, request and until");
        }
    }

    record WrittenWhen(UserId user, RequestId request, Instant now) {
        WrittenWhen {
            require(now != null, "now", "is missing");
        }
    }

    record WrittenThen(WrittenDecision policy, GateReply gate) {
        WrittenThen {
            require(policy != null || gate != null, "then", "says nothing");
        }
    }

    /** Either issued, at another time than now if {@code at} says so, or rejected. */
    record WrittenDecision(Long issued, Instant at, RejectionReason rejected, Long heldSequence) {
        WrittenDecision {
            require((issued == null) != (rejected == null), "policy", "is either issued or rejected");
        }
    }

    IssuanceCase toCase(String file) {
        Optional<CouponState> coupon = Optional.ofNullable(given.coupon).map(c -> c.state(given.holders.size()));
        var holders = given.holders.stream().map(WrittenHolder::issued).toList();
        var reservations = given.inFlight.stream()
                .map(r -> new IssuanceCase.Reservation(r.user, r.request, r.until))
                .toList();
        return new IssuanceCase(file, name,
                new IssuanceCase.Given(coupon, Optional.ofNullable(given.clock), holders, reservations),
                new IssuanceCase.When(new IssueCoupon(when.request, COUPON, when.user), when.now),
                new IssuanceCase.Then(Optional.ofNullable(then.policy).map(p -> outcome(p, coupon)),
                        Optional.ofNullable(then.gate)));
    }

    private CouponOutcome outcome(WrittenDecision said, Optional<CouponState> coupon) {
        Instant decidedAt = Objects.requireNonNullElse(said.at, when.now);
        if (said.issued != null) {
            return new CouponIssued(when.request, COUPON, when.user, said.issued, decidedAt);
        }
        Instant opensAt = said.rejected == RejectionReason.NOT_STARTED
                ? coupon.orElseThrow().definition().opensAt()
                : null;
        return new IssueRejected(when.request, COUPON, when.user, said.rejected, decidedAt, said.heldSequence, opensAt);
    }

    private static void require(boolean condition, String field, String problem) {
        if (!condition) {
            throw new ContractViolation(field, problem);
        }
    }
}
