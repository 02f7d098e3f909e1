package io.firstcome.ingress.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.ingress.http.Problems;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.CouponLookup;
import io.firstcome.readmodel.requests.RequestStatus;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestTracker;
import io.javalin.http.Context;

/** {@code GET /v1/console/coupons/{couponId}/holders}: who holds a coupon, by page, by user or by request. */
final class HolderSearch {

    /** A search by request reads the whole list, so few may run at the same time. */
    private static final int MAX_CONCURRENT = 4;
    private static final int PAGE = 100;
    /** Of 2,000 issues each. */
    private static final int MAX_PAGES_OF_SEARCH = 100;

    private final CouponLookup coupons;
    private final RequestTracker requests;
    private final AuthorityHolders authority;
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT);

    HolderSearch(CouponLookup coupons, RequestTracker requests, AuthorityHolders authority) {
        this.coupons = coupons;
        this.requests = requests;
        this.authority = authority;
    }

    /**
     * A part of the list.
     *
     * @param next the value of {@code after} for the next page; null on the last page and for a search
     * @param request what is known about the request that was searched for; null for another search, and when several
     *     users were issued the coupon for requests with this id
     * @param forgotten true when the coupon is archived, so that the authority has no holders any more; else null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Found(CouponId couponId, List<Item> holders, UserId next, Request request,
            Boolean forgotten) {}

    /** @param revokedAt null while the user holds the coupon */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Item(UserId userId, long sequence, RequestId requestId, Instant issuedAt, Instant revokedAt) {

        static Item of(Holder holder) {
            return new Item(holder.userId(), holder.sequence(), holder.requestId(), holder.issuedAt(),
                    holder.revokedAt().orElse(null));
        }
    }

    /**
     * A request.
     *
     * @param status PENDING, ISSUED, REVOKED or REJECTED; NOT_ISSUED when the list was read to its end without the
     *     request; UNKNOWN when the list is too long for a search
     * @param userId null when it is not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Request(RequestId requestId, String status, UserId userId, String reason, Long sequence) {}

    void search(Context context) throws InterruptedException {
        CouponId couponId = Requests.couponId(context);
        Problems.requireCoupon(coupons, couponId);
        Optional<UserId> userId = parameter(context, "userId").map(UserId::new);
        Optional<RequestId> requestId = parameter(context, "requestId").map(RequestId::new);
        Optional<UserId> after = parameter(context, "after").map(UserId::new);
        if (userId.isPresent() && requestId.isPresent()) {
            throw new ContractViolation("requestId", "cannot be combined with userId");
        }
        try {
            Found found;
            if (requestId.isPresent()) {
                found = byRequest(couponId, requestId.get());
            } else if (userId.isPresent()) {
                found = new Found(couponId,
                        authority.heldBy(couponId, userId.get()).join().stream().map(Item::of).toList(), null, null,
                        null);
            } else {
                HolderPage page = authority.page(couponId, after, PAGE).join();
                found = new Found(couponId, page.holders().stream().map(Item::of).toList(), page.next().orElse(null),
                        null, null);
            }
            // Asked last: before it the authority had all holders, or it says that it has forgotten them.
            boolean archived = authority.stock(couponId).join().isArchived();
            Requests.answer(context, 200, archived ? new Found(couponId, List.of(), null, null, true) : found);
        } catch (CompletionException e) {
            throw new ProblemException(Problem.unavailable("The authority gives no answer at the moment. Try again."));
        }
    }

    private static Optional<String> parameter(Context context, String name) {
        return Optional.ofNullable(context.queryParam(name));
    }

    private Found byRequest(CouponId couponId, RequestId requestId) {
        if (!permits.tryAcquire()) {
            throw new ProblemException(
                    Problem.of(ProblemType.OVERLOADED, "Too many searches by request are in progress. Try again."));
        }
        try {
            return find(couponId, requestId);
        } finally {
            permits.release();
        }
    }

    private Found find(CouponId couponId, RequestId requestId) {
        Optional<UserId> after = Optional.empty();
        List<Holder> issues = new ArrayList<>();
        int pages = 0;
        do {
            HolderPage page = authority.page(couponId, after).join();
            page.holders().stream().filter(it -> it.requestId().equals(requestId)).forEach(issues::add);
            after = page.next();
        } while (after.isPresent() && ++pages < MAX_PAGES_OF_SEARCH);
        if (!issues.isEmpty()) {
            Holder issue = issues.getFirst();
            // Several users may have used the id: then the list tells, and not the status of one of them.
            return new Found(couponId, issues.stream().map(Item::of).toList(), null, issues.size() > 1
                    ? null
                    : new Request(requestId, issue.isRevoked() ? "REVOKED" : "ISSUED", issue.userId(), null,
                            issue.sequence()),
                    null);
        }
        String unknown = after.isEmpty() ? "NOT_ISSUED" : "UNKNOWN";
        return new Found(couponId, List.of(), null, requests.findOfAnyUser(couponId, requestId)
                .map(status -> remembered(requestId, status))
                .orElseGet(() -> new Request(requestId, unknown, null, null, null)), null);
    }

    /** What this ingress remembers of a request that is in no issue of the list. */
    private static Request remembered(RequestId requestId, RequestStatus status) {
        UserId userId = status.subject().userId();
        return switch (status) {
            case Pending _ -> new Request(requestId, "PENDING", userId, null, null);
            case Decided(_, CouponOutcome outcome) -> switch (outcome) {
                case CouponIssued issued -> new Request(requestId, "ISSUED", userId, null, issued.sequence());
                case IssueRevoked revoked -> new Request(requestId, "REVOKED", userId, null, revoked.sequence());
                case IssueRejected rejected ->
                    new Request(requestId, "REJECTED", userId, rejected.reason().name(), rejected.heldSequence());
                case CommandInvalid _ -> new Request(requestId, "REJECTED", userId, "INVALID", null);
                case CouponChanged _,ChangeRejected _ ->
                    throw new IllegalStateException("not an outcome of a claim: " + outcome);
            };
        };
    }
}
