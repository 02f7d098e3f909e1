package io.firstcome.processor.query;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holding.Revocation;
import io.firstcome.processor.topology.CouponStoreView.Holder;
import io.firstcome.processor.topology.CouponStoreView.HolderPage;

/**
 * One page of the issues of a coupon, revoked ones included.
 *
 * @param holders all issues of each user on this page, in the byte order of the user ids, then in the order of issues
 * @param next the value of {@code after} for the next page; null, and absent from the JSON, on the last page
 */
record HoldersResponse(CouponId couponId, List<Item> holders, @JsonInclude(JsonInclude.Include.NON_NULL) UserId next) {

    /**
     * One issue.
     *
     * @param sequence the place in the order of issues, from 1
     * @param requestId the claim that was issued
     * @param issuedAt when the authority issued the coupon, in whole milliseconds
     * @param nth which of the user's issues this is, from 1
     * @param revokedAt when the coupon was revoked; null, and absent from the JSON, while the user holds it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(UserId userId, long sequence, RequestId requestId, Instant issuedAt, int nth, Instant revokedAt) {

        private static Stream<Item> of(Holder holder) {
            List<Holding> all = holder.holdings().all();
            return IntStream.range(0, all.size()).mapToObj(i -> new Item(holder.userId(), all.get(i).sequence(),
                    all.get(i).requestId(), all.get(i).issuedAt(), i + 1,
                    all.get(i).revocation().map(Revocation::revokedAt).orElse(null)));
        }
    }

    static HoldersResponse of(HoldersRequest request, HolderPage page) {
        List<Holder> holders = page.holders();
        return new HoldersResponse(request.couponId(), holders.stream().flatMap(Item::of).toList(),
                page.hasMore() ? holders.getLast().userId() : null);
    }
}
