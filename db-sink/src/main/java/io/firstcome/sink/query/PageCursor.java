package io.firstcome.sink.query;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.firstcome.contract.id.CouponId;

/** A position in the list of a user's coupons, which is ordered by time, then by coupon, then by sequence. */
record PageCursor(Instant issuedAt, CouponId couponId, long sequence) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,15}) (\\S+) (\\d{1,16})");
    private static final Instant MAX_DATETIME = Instant.parse("9999-12-31T23:59:59Z");

    PageCursor {
        if (issuedAt.isAfter(MAX_DATETIME)) {
            throw new IllegalArgumentException("not a time that a DATETIME can hold: " + issuedAt);
        }
    }

    /** @throws IllegalArgumentException when the text is not a cursor */
    static PageCursor of(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a cursor: " + text);
        }
        return new PageCursor(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), new CouponId(parts.group(2)),
                Long.parseLong(parts.group(3)));
    }

    @Override
    public String toString() {
        return issuedAt.toEpochMilli() + " " + couponId + " " + sequence;
    }
}
