package io.firstcome.processor.issuance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.RequestId;

/**
 * Everything that one user was issued of one coupon, revoked coupons included: a revoked coupon is kept, so that a
 * repeated claim is not issued a second one.
 *
 * <p>Loops instead of streams where every claim passes: nearly every user has no issue, and the streams took a twelfth
 * of the stream thread's time.
 *
 * @param all in the order of the issues; the n-th element is the user's n-th issue
 */
public record Holdings(List<Holding> all) {

    /** The user was never issued the coupon. */
    public static final Holdings NONE = new Holdings(List.of());

    public Holdings {
        all = List.copyOf(all);
    }

    /** The coupons that the user holds now. */
    public List<Holding> held() {
        return all.isEmpty() ? all : all.stream().filter(Holding::isHeld).toList();
    }

    Optional<Holding> ofClaim(RequestId requestId) {
        for (Holding holding : all) {
            if (holding.requestId().equals(requestId)) {
                return Optional.of(holding);
            }
        }
        return Optional.empty();
    }

    Optional<Holding> ofSequence(long sequence) {
        for (Holding holding : all) {
            if (holding.sequence() == sequence) {
                return Optional.of(holding);
            }
        }
        return Optional.empty();
    }

    Optional<Holding> revokedBy(RequestId requestId) {
        return all.stream().filter(holding -> holding.revocation()
                .filter(revocation -> revocation.requestId().equals(requestId)).isPresent()).findFirst();
    }

    int nth(Holding holding) {
        return all.indexOf(holding) + 1;
    }

    Holdings after(CouponIssued issued) {
        if (ofSequence(issued.sequence()).isPresent()) {
            return this;
        }
        if (all.isEmpty()) {
            return new Holdings(List.of(Holding.of(issued)));
        }
        List<Holding> more = new ArrayList<>(all);
        more.add(Holding.of(issued));
        return new Holdings(more);
    }

    Holdings after(IssueRevoked revoked) {
        return new Holdings(all.stream()
                .map(holding -> holding.sequence() == revoked.sequence() ? holding.after(revoked) : holding).toList());
    }
}
