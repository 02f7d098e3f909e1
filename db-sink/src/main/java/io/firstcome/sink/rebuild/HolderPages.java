package io.firstcome.sink.rebuild;

import java.util.List;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/** The authority's holders, page by page, as the outcomes that made them holders. */
@FunctionalInterface
public interface HolderPages {

    /**
     * A part of the list.
     *
     * @param next the user after whom the next page starts; empty on the last page
     */
    record Page(List<CouponIssued> issues, Optional<UserId> next) {}

    /**
     * Reads one page.
     *
     * @param after the user after whom the page starts; empty for the first page
     * @throws RuntimeException when the authority does not answer; the same page is asked for again
     */
    Page page(CouponId couponId, Optional<UserId> after);
}
