package io.firstcome.gate.redis;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.RequestId;

/** The text that the gate stores for each coupon that a user holds: enough to repeat the answer to its request. */
public record GateEntry(long sequence, Instant issuedAt, RequestId requestId) {

    /** Separates the entries of one user. No part of an entry contains it. */
    private static final String SEPARATOR = ",";
    /** Begins the fields of the hash {@code issued} that are no users. No user id contains it. */
    private static final String MARK = "#";

    /** The entry for an issued coupon. */
    public static GateEntry of(CouponIssued issued) {
        return new GateEntry(issued.sequence(), issued.issuedAt(), issued.requestId());
    }

    /** Whether a field of the hash {@code issued} is a user; the other fields count and name revoked sequences. */
    public static boolean isUser(String field) {
        return !field.startsWith(MARK);
    }

    /**
     * Reads all entries of one user.
     *
     * @return the coupons that the user holds, by ascending sequence
     * @throws IllegalArgumentException when a part of the text is not an entry
     */
    public static List<GateEntry> parseAll(String text) {
        return Arrays.stream(text.split(SEPARATOR, -1)).map(GateEntry::parse)
                .sorted(Comparator.comparingLong(GateEntry::sequence)).toList();
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
