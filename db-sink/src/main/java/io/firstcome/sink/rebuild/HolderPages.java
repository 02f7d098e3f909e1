package io.firstcome.sink.rebuild;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/** The authority's list of the issues of a coupon, page by page, as the outcomes that it was made from. */
@FunctionalInterface
public interface HolderPages {

    /**
     * A part of the list.
     *
     * @param issues the issues, those to the last user complete
     * @param revocations the revocations of these issues
     * @param next the user after whom the next page starts; empty on the last page
     */
    record Page(List<CouponIssued> issues, List<IssueRevoked> revocations, Optional<UserId> next) {

        List<CouponOutcome> outcomes() {
            return Stream.<CouponOutcome>concat(issues.stream(), revocations.stream()).toList();
        }
    }

    /**
     * Reads one page.
     *
     * @param after the user after whom the page starts; empty for the first page
     * @throws RuntimeException when the authority does not answer; the same page is asked for again
     */
    Page page(CouponId couponId, Optional<UserId> after);
}
