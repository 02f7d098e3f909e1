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
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.readmodel.coupons.CouponResponse;

/**
 * One server-sent event (WHATWG HTML, "Server-sent events"). The bytes are made when the first subscriber needs them,
 * and then serve all subscribers: most events have no subscriber.
 */
public final class CouponEvent {

    private final long id;
    private final UserId userId;
    private final String name;
    private final Object data;
    /** Null until the first call of {@link #bytes}. Two threads may make the same bytes at the same time. */
    private volatile byte[] bytes;

    /** @param data the object that becomes the event's JSON */
    private CouponEvent(long id, UserId userId, String name, Object data) {
        this.id = id;
        this.userId = userId;
        this.name = name;
        this.data = data;
    }

    /** The event for an outcome; empty for an operator's change, which subscribers see in the coupon's state. */
    static Optional<CouponEvent> of(CouponOutcome outcome, long offset) {
        return switch (outcome) {
            case CouponIssued issued -> Optional.of(new CouponEvent(offset, issued.userId(), "issued",
                    new Issued(issued.requestId(), issued.couponId(), issued.userId(), issued.sequence(),
                            issued.issuedAt())));
            case IssueRejected rejected -> Optional.of(new CouponEvent(offset, rejected.userId(), "rejected",
                    new Rejected(rejected.requestId(), rejected.couponId(), rejected.userId(), rejected.reason())));
            case IssueRevoked revoked -> Optional.of(new CouponEvent(offset, revoked.userId(), "revoked",
                    new Revoked(revoked.claimRequestId(), revoked.couponId(), revoked.userId(), revoked.sequence(),
                            revoked.revokedAt())));
            case CouponChanged _ -> Optional.empty();
            case ChangeRejected _ -> Optional.empty();
            case CommandInvalid _ -> Optional.empty();
        };
    }

    /** The coupon's state, for a subscriber that has read up to {@code position}. */
    public static CouponEvent state(CouponResponse state, long position) {
        return new CouponEvent(position, null, "state", state);
    }

    /** Events after {@code from}, up to and including {@code to}, are no longer retained. */
    public static CouponEvent gap(long from, long to) {
        return new CouponEvent(to, null, "gap", new Gap(from, to));
    }

    /** The event id: the offset of the outcome, and so the position of a subscriber that has read the event. */
    public long id() {
        return id;
    }

    /** The name of the event: {@code state}, {@code issued}, {@code rejected}, {@code revoked} or {@code gap}. */
    public String name() {
        return name;
    }

    /** The object that becomes the event's JSON. */
    public Object data() {
        return data;
    }

    /** The user whose request the event is about; null for an event about the whole coupon. */
    public UserId userId() {
        return userId;
    }

    /** Whether the outcome has changed the coupon's state: a rejection has not. */
    boolean changesCoupon() {
        return !(data instanceof Rejected);
    }

    /** The event in the format of an event stream. Callers must not change the array. */
    public byte[] bytes() {
        byte[] made = bytes;
        if (made == null) {
            String json = new String(Json.write(data), StandardCharsets.UTF_8);
            made = ("id: " + id + "\nevent: " + name + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
            bytes = made;
        }
        return made;
    }

    private record Issued(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant issuedAt) {}

    private record Rejected(RequestId requestId, CouponId couponId, UserId userId, RejectionReason reason) {}

    /** @param requestId the claim to which the coupon had been issued */
    private record Revoked(RequestId requestId, CouponId couponId, UserId userId, long sequence, Instant revokedAt) {}

    private record Gap(long from, long to) {}
}
