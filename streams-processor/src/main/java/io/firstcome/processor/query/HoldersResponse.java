package io.firstcome.processor.query;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.topology.CouponStoreView.Holder;

/**
 * One page of a coupon's holders.
 *
 * @param holders in the byte order of the user ids
 * @param next the value of {@code after} for the next page; null, and absent from the JSON, on the last page
 */
record HoldersResponse(CouponId couponId, List<Item> holders, @JsonInclude(JsonInclude.Include.NON_NULL) UserId next) {

    /**
     * A holder.
     *
     * @param sequence the user's place in the order of issues, from 1
     * @param requestId the claim that was issued
     * @param issuedAt when the authority issued the coupon, in whole milliseconds
     */
    record Item(UserId userId, long sequence, RequestId requestId, Instant issuedAt) {

        private static Item of(Holder holder) {
            return new Item(holder.userId(), holder.holding().sequence(), holder.holding().requestId(),
                    holder.holding().issuedAt());
        }
    }

    /** @param read the holders after {@code request.after()}, one more than the limit where there are more */
    static HoldersResponse of(HoldersRequest request, List<Holder> read) {
        List<Item> items = read.stream().limit(request.limit()).map(Item::of).toList();
        return new HoldersResponse(request.couponId(), items,
                read.size() > items.size() ? items.getLast().userId() : null);
    }
}
