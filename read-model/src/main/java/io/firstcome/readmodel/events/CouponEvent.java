package io.firstcome.readmodel.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.Json;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.readmodel.coupons.CouponResponse;

/**
 * One event as it goes over the wire, made once for all who follow.
 *
 * @param id where whoever has read it stands: the offset of an outcome
 * @param userId whose business it is; null for everybody's
 * @param bytes the event's lines
 */
public record CouponEvent(long id, UserId userId, byte[] bytes) {

    /** What an outcome tells those who follow; changes of the coupon show in its state. */
    static Optional<CouponEvent> of(CouponOutcome outcome, long offset) {
        return switch (outcome) {
            case CouponIssued it -> Optional.of(of("issued", offset, it.userId(),
                    new Issued(it.requestId(), it.couponId(), it.userId(), it.sequence(), it.issuedAt())));
            case IssueRejected it -> Optional.of(of("rejected", offset, it.userId(),
                    new Rejected(it.requestId(), it.couponId(), it.userId(), it.reason())));
            case CouponChanged changed -> Optional.empty();
            case ChangeRejected rejected -> Optional.empty();
            case CommandInvalid invalid -> Optional.empty();
        };
    }

    /** Where the coupon stands, told to somebody who has read up to {@code position}. */
    public static CouponEvent state(CouponResponse state, long position) {
        return of("state", position, null, state);
    }

    /** What happened after {@code from}, up to and with {@code to}, cannot be told. */
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
