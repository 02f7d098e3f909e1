package io.firstcome.processor.issuance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.issuance.Holding.Revocation;
import io.firstcome.testkit.cases.IssuanceCase;

/** What each user was issued before the claim of a shared case. */
public final class GivenHoldings {

    private GivenHoldings() {}

    /** The holdings of every user whom the case mentions. */
    public static Map<UserId, Holdings> of(IssuanceCase.Given given) {
        Map<UserId, List<Holding>> users = new HashMap<>();
        given.holders().forEach(issued -> add(issued, Optional.empty(), users));
        given.revoked().forEach(it -> add(it.issued(),
                Optional.of(new Revocation(new RequestId("revoke-" + it.issued().sequence()), it.revokedAt())), users));
        Map<UserId, Holdings> holdings = new HashMap<>();
        users.forEach((user, all) -> {
            all.sort(Comparator.comparingLong(Holding::sequence));
            holdings.put(user, new Holdings(all));
        });
        return holdings;
    }

    private static void add(CouponIssued issued, Optional<Revocation> revocation, Map<UserId, List<Holding>> users) {
        users.computeIfAbsent(issued.userId(), _ -> new ArrayList<>())
                .add(new Holding(issued.requestId(), issued.sequence(), issued.issuedAt(), revocation));
    }
}
