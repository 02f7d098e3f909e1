package io.firstcome.testkit.cases;

import static io.firstcome.testkit.fixture.CouponFixture.CLOSES_AT;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;

/**
 * A case as it is written in YAML. Optional values have defaults: the window of {@code CouponFixture}, status ACTIVE.
 */
record YamlCase(String name, YamlGiven given, YamlWhen when, YamlThen then) {

    YamlCase {
        require(name != null && !name.isBlank(), "name", "is missing");
        require(given != null, "given", "is missing");
        require(when != null, "when", "is missing");
        require(then != null, "then", "is missing");
    }

    record YamlGiven(YamlCoupon coupon, Instant clock, List<YamlHolder> holders,
            List<YamlReservation> inFlight) {
        YamlGiven {
            holders = Objects.requireNonNullElse(holders, List.of());
            inFlight = Objects.requireNonNullElse(inFlight, List.of());
            require(coupon != null || holders.isEmpty(), "holders", "require a coupon");
        }
    }

    record YamlCoupon(long stock, Long issued, CouponStatus status, Instant opensAt, Instant closesAt, Integer perUser,
            Boolean reclaim) {
        CouponState state(List<YamlHolder> holders) {
            var definition = new CouponDefinition(COUPON, "Coffee", stock,
                    Objects.requireNonNullElse(opensAt, OPENS_AT), Objects.requireNonNullElse(closesAt, CLOSES_AT),
                    Objects.requireNonNullElse(perUser, 1), Objects.requireNonNullElse(reclaim, true));
            long revoked = holders.stream().filter(holder -> holder.revoked != null).count();
            var state = new CouponState(definition, Objects.requireNonNullElse(status, CouponStatus.ACTIVE), 1,
                    issued == null ? holders.size() : issued, revoked);
            require(state.issued() >= holders.size(), "issued", "must not be less than the number of holders");
            return state;
        }
    }

    record YamlHolder(UserId user, RequestId request, long sequence, Instant at, Instant revoked) {
        CouponIssued issued(List<YamlHolder> all) {
            int nth = (int) all.stream().filter(other -> other.user.equals(user) && other.sequence <= sequence).count();
            return new CouponIssued(request, COUPON, user, sequence, at, nth);
        }
    }

    record YamlReservation(UserId user, RequestId request, Instant until) {
        YamlReservation {
            require(user != null && request != null && until != null, "inFlight", "requires user, request and until");
        }
    }

    record YamlWhen(UserId user, RequestId request, Instant now) {
        YamlWhen {
            require(now != null, "now", "is missing");
        }
    }

    record YamlThen(YamlDecision policy, GateReply gate) {
        YamlThen {
            require(policy != null || gate != null, "then", "requires policy or gate");
        }
    }

    /**
     * Either issued or rejected.
     *
     * @param nth which of the user's issues it is, where it is not the first
     * @param at the time of the decision where it differs from {@code when.now}
     */
    record YamlDecision(Long issued, Integer nth, Instant at, RejectionReason rejected, Long heldSequence,
            List<Long> heldSequences) {
        YamlDecision {
            require((issued == null) != (rejected == null), "policy", "requires either issued or rejected");
        }
    }

    IssuanceCase toCase(String file) {
        Optional<CouponState> coupon = Optional.ofNullable(given.coupon).map(c -> c.state(given.holders));
        var holders = given.holders.stream().filter(holder -> holder.revoked == null)
                .map(holder -> holder.issued(given.holders)).toList();
        var revoked = given.holders.stream().filter(holder -> holder.revoked != null)
                .map(holder -> new IssuanceCase.Revoked(holder.issued(given.holders), holder.revoked)).toList();
        var reservations = given.inFlight.stream()
                .map(r -> new IssuanceCase.Reservation(r.user, r.request, r.until))
                .toList();
        return new IssuanceCase(file, name,
                new IssuanceCase.Given(coupon, Optional.ofNullable(given.clock), holders, revoked, reservations),
                new IssuanceCase.When(new IssueCoupon(when.request, COUPON, when.user), when.now),
                new IssuanceCase.Then(Optional.ofNullable(then.policy).map(p -> outcome(p, coupon)),
                        Optional.ofNullable(then.gate)));
    }

    private CouponOutcome outcome(YamlDecision decision, Optional<CouponState> coupon) {
        Instant decidedAt = Objects.requireNonNullElse(decision.at, when.now);
        if (decision.issued != null) {
            return new CouponIssued(when.request, COUPON, when.user, decision.issued, decidedAt,
                    Objects.requireNonNullElse(decision.nth, 1));
        }
        Instant opensAt = decision.rejected == RejectionReason.NOT_STARTED
                ? coupon.orElseThrow().definition().opensAt()
                : null;
        return new IssueRejected(when.request, COUPON, when.user, decision.rejected, decidedAt, decision.heldSequence,
                opensAt, decision.heldSequences);
    }

    private static void require(boolean condition, String field, String problem) {
        if (!condition) {
            throw new ContractViolation(field, problem);
        }
    }
}
