package io.firstcome.sink.query;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.firstcome.contract.CouponId;

/** A place in a user's list, which is ordered by time and, within one time, by coupon. */
record PageCursor(Instant issuedAt, CouponId couponId) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,15}) (.+)");
    private static final Instant LAST_OF_THE_TABLES = Instant.parse("9999-12-31T23:59:59Z");

    PageCursor {
        if (issuedAt.isAfter(LAST_OF_THE_TABLES)) {
            throw new IllegalArgumentException("not a time of the tables: " + issuedAt);
        }
    }

    /** @throws IllegalArgumentException when the text is no place's */
    static PageCursor of(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a place: " + text);
        }
        return new PageCursor(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), new CouponId(parts.group(2)));
    }

    @Override
    public String toString() {
        return issuedAt.toEpochMilli() + " " + couponId;
    }
}
