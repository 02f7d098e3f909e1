package io.firstcome.testkit.facts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.RequestId;

/**
 * What a user was issued of a coupon up to some time.
 *
 * @param issues in the order of the log
 * @param revocations the time of revocation of each revoked sequence
 */
record UserIssues(List<CouponIssued> issues, Map<Long, Instant> revocations) {

    static final UserIssues NONE = new UserIssues(List.of(), Map.of());

    UserIssues with(CouponIssued issued) {
        List<CouponIssued> more = new ArrayList<>(issues);
        more.add(issued);
        return new UserIssues(List.copyOf(more), revocations);
    }

    UserIssues with(IssueRevoked revoked) {
        Map<Long, Instant> more = new HashMap<>(revocations);
        more.put(revoked.sequence(), revoked.revokedAt());
        return new UserIssues(issues, Map.copyOf(more));
    }

    int count() {
        return issues.size();
    }

    boolean has(long sequence) {
        return issues.stream().anyMatch(issued -> issued.sequence() == sequence);
    }

    boolean holds(long sequence) {
        return has(sequence) && !revocations.containsKey(sequence);
    }

    /** The sequences that the user holds, in the order of the issues. */
    List<Long> held() {
        return issues.stream().map(CouponIssued::sequence).filter(sequence -> !revocations.containsKey(sequence))
                .toList();
    }

    Optional<CouponIssued> ofClaim(RequestId request) {
        return issues.stream().filter(issued -> issued.requestId().equals(request)).findFirst();
    }

    Optional<Instant> revokedAt(long sequence) {
        return Optional.ofNullable(revocations.get(sequence));
    }
}
