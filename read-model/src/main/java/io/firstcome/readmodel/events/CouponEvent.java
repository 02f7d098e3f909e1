package io.firstcome.readmodel.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.readmodel.coupons.CouponResponse;

/**
 * One server-sent event (WHATWG HTML, "Server-sent events"), serialized once for all subscribers.
 *
 * @param id the event id: the offset of the outcome, and so the position of a subscriber that has read the event
 * @param userId the user whose request the event is about; null for an event about the whole coupon
 * @param bytes the event in the format of an event stream
 */
public record CouponEvent(long id, UserId userId, byte[] bytes) {

    /** The event for an outcome; empty for an operator's change, which subscribers see in the coupon's state. */
    static Optional<CouponEvent> of(CouponOutcome outcome, long offset) {
        return switch (outcome) {
            case CouponIssued issued -> Optional.of(of("issued", offset, issued.userId(),
                    new Issued(issued.requestId(), issued.couponId(), issued.userId(), issued.sequence(),
                            issued.issuedAt())));
            case IssueRejected rejected -> Optional.of(of("rejected", offset, rejected.userId(),
                    new Rejected(rejected.requestId(), rejected.couponId(), rejected.userId(), rejected.reason())));
            case CouponChanged _ -> Optional.empty();
            case ChangeRejected _ -> Optional.empty();
            case CommandInvalid _ -> Optional.empty();
        };
    }

    /** The coupon's state, for a subscriber that has read up to {@code position}. */
    public static CouponEvent state(CouponResponse state, long position) {
        return of("state", position, null, state);
    }

    /** Events after {@code from}, up to and including {@code to}, are no longer retained. */
    public static CouponEvent gap(long from, long to) {
        return of("gap", to, null, new Gap(from, to));
    }

    private static CouponEvent of(String name, long id, UserId userId, Object data) {
        String json = new String(Json.write(data), StandardCharsets.UTF_8);
        return new CouponEvent(id, userId,
                "id: %d\nevent: %s\ndata: %s\n\n".formatted(id, name, json).getBytes(StandardCharsets.UTF_8));
    }

    private record Issued(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant issuedAt) {}

    private record Rejected(RequestId requestId, CouponId couponId, UserId userId, RejectionReason reason) {}

    private record Gap(long from, long to) {}
}
