package io.firstcome.gate.redis;

import java.time.Instant;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.RequestId;

/** An issued coupon as the gate remembers it: enough to repeat the answer that its request got. */
public record GateEntry(long sequence, Instant issuedAt, RequestId requestId) {

    /** What an issue leaves in the gate. */
    public static GateEntry of(CouponIssued issued) {
        return new GateEntry(issued.sequence(), issued.issuedAt(), issued.requestId());
    }

    /**
     * Reads {@link #text()} back.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static GateEntry parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a holding: " + text);
        }
        return new GateEntry(Long.parseLong(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1])),
                new RequestId(parts[2]));
    }

    /** {@code sequence:issuedAtMillis:requestId}. */
    public String text() {
        return sequence + ":" + issuedAt.toEpochMilli() + ":" + requestId;
    }
}
