package io.firstcome.gate.redis;

import java.time.Instant;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.RequestId;

/** The text that the gate stores per holder: enough to repeat the answer to the request that won. */
public record GateEntry(long sequence, Instant issuedAt, RequestId requestId) {

    /** The entry for an issued coupon. */
    public static GateEntry of(CouponIssued issued) {
        return new GateEntry(issued.sequence(), issued.issuedAt(), issued.requestId());
    }

    /**
     * Reads {@link #text()} back.
     *
     * @throws IllegalArgumentException when the text is not an entry
     */
    public static GateEntry parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a holder's entry: " + text);
        }
        return new GateEntry(Long.parseLong(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1])),
                new RequestId(parts[2]));
    }

    /** {@code sequence:issuedAtMillis:requestId}. */
    public String text() {
        return sequence + ":" + issuedAt.toEpochMilli() + ":" + requestId;
    }
}
