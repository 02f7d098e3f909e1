package io.firstcome.ingress.admission;

import java.time.Instant;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.RequestId;

/** An issued coupon as the gate remembers it: enough to repeat the answer that its request got. */
public record Holding(long sequence, Instant issuedAt, RequestId requestId) {

    /** What an issue leaves in the gate. */
    public static Holding of(CouponIssued issued) {
        return new Holding(issued.sequence(), issued.issuedAt(), issued.requestId());
    }

    /**
     * Reads {@link #text()} back.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Holding parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a holding: " + text);
        }
        return new Holding(Long.parseLong(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1])),
                new RequestId(parts[2]));
    }

    /** {@code sequence:issuedAtMillis:requestId}. */
    public String text() {
        return sequence + ":" + issuedAt.toEpochMilli() + ":" + requestId;
    }
}
