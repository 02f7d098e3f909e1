package io.firstcome.contract.topic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;

/**
 * A faster form of {@link Json} for the values of which there is one per claim: {@code IssueCoupon}, {@code
 * CouponIssued} and {@code IssueRejected}.
 *
 * <p>The writer produces the same bytes as {@code Json}. The reader accepts only the exact text that the writer
 * produces; {@code Json} reads everything else, so that spaces, another order of fields, escapes and every error have
 * one meaning. {@code FuzzTest} compares the two with mutated and generated values.
 */
final class ClaimJson {

    private static final String CLAIM = "{\"type\":\"IssueCoupon\",\"requestId\":\"";
    private static final String ISSUED = "{\"type\":\"CouponIssued\",\"requestId\":\"";
    private static final String REJECTED = "{\"type\":\"IssueRejected\",\"requestId\":\"";
    private static final String COUPON = "\",\"couponId\":\"";
    private static final String USER = "\",\"userId\":\"";
    private static final String SEQUENCE = "\",\"sequence\":";
    private static final String ISSUED_AT = ",\"issuedAt\":\"";
    private static final String NTH = ",\"nth\":";
    private static final String REASON = "\",\"reason\":\"";
    private static final String DECIDED_AT = "\",\"decidedAt\":\"";
    private static final String HELD_SEQUENCE = ",\"heldSequence\":";
    private static final String OPENS_AT = ",\"opensAt\":\"";

    private static final Map<String, RejectionReason> REASONS = Stream.of(RejectionReason.values())
            .collect(Collectors.toUnmodifiableMap(RejectionReason::name, Function.identity()));

    /** The end of a time by its milliseconds: nothing for 0, otherwise three digits. */
    private static final String[] MILLIS = IntStream.range(0, 1000)
            .mapToObj(millis -> millis == 0 ? "Z" : "." + String.valueOf(1000 + millis).substring(1) + "Z")
            .toArray(String[]::new);

    /** The latest second that was written. Most outcomes are decided within the same second as the one before. */
    private static Second latestSecond = Second.of(0);

    private ClaimJson() {}

    /** Returns the same bytes as {@link Json#write}. */
    static byte[] write(AboutCoupon value) {
        return switch (value) {
            case IssueCoupon claim -> ascii(CLAIM + claim.requestId() + COUPON + claim.couponId() + USER
                    + claim.userId() + "\"}");
            case CouponIssued issued -> ascii(ISSUED + issued.requestId() + COUPON + issued.couponId() + USER
                    + issued.userId() + SEQUENCE + issued.sequence() + ISSUED_AT + text(issued.issuedAt()) + '"'
                    + (issued.nth() == 1 ? "" : NTH + issued.nth()) + '}');
            // Rare, and its list needs Json.
            case IssueRejected rejected when rejected.heldSequences() != null -> Json.write(rejected);
            case IssueRejected rejected -> ascii(REJECTED + rejected.requestId() + COUPON + rejected.couponId() + USER
                    + rejected.userId() + REASON + rejected.reason() + DECIDED_AT + text(rejected.decidedAt()) + '"'
                    + (rejected.heldSequence() == null ? "" : HELD_SEQUENCE + rejected.heldSequence())
                    + (rejected.opensAt() == null ? "" : OPENS_AT + text(rejected.opensAt()) + '"') + '}');
            default -> Json.write(value);
        };
    }

    /**
     * Returns the same value as {@link Json#read}.
     *
     * @throws ContractViolation as {@code Json.read}
     */
    static <V> V read(byte[] json, Class<V> type) {
        Object value = null;
        if (json != null) {
            try {
                if (type == CouponCommand.class) {
                    value = readClaim(new Scanner(json));
                } else if (type == CouponOutcome.class) {
                    value = json.length > 9 && json[9] == 'C'
                            ? readIssued(new Scanner(json))
                            : readRejected(new Scanner(json));
                }
            } catch (ContractViolation _) {
                // Json reports the violation, because it may find another one first.
            }
        }
        return value == null ? Json.read(json, type) : type.cast(value);
    }

    private static IssueCoupon readClaim(Scanner in) {
        String requestId = in.skip(CLAIM).text();
        String couponId = in.skip(COUPON).text();
        String userId = in.skip(USER).text();
        return in.skip("\"}").isComplete()
                ? new IssueCoupon(new RequestId(requestId), new CouponId(couponId), new UserId(userId))
                : null;
    }

    private static CouponIssued readIssued(Scanner in) {
        String requestId = in.skip(ISSUED).text();
        String couponId = in.skip(COUPON).text();
        String userId = in.skip(USER).text();
        long sequence = in.skip(SEQUENCE).number();
        Instant issuedAt = in.skip(ISSUED_AT).time();
        // Json reads an issue with the field nth.
        return in.skip("\"}").isComplete()
                ? new CouponIssued(new RequestId(requestId), new CouponId(couponId), new UserId(userId), sequence,
                        issuedAt)
                : null;
    }

    private static IssueRejected readRejected(Scanner in) {
        String requestId = in.skip(REJECTED).text();
        String couponId = in.skip(COUPON).text();
        String userId = in.skip(USER).text();
        RejectionReason reason = REASONS.get(in.skip(REASON).text());
        Instant decidedAt = in.skip(DECIDED_AT).time();
        in.skip("\"");
        Long heldSequence = reason == RejectionReason.ALREADY_ISSUED ? in.skip(HELD_SEQUENCE).number() : null;
        Instant opensAt = null;
        if (reason == RejectionReason.NOT_STARTED) {
            opensAt = in.skip(OPENS_AT).time();
            in.skip("\"");
        }
        return in.skip("}").isComplete()
                ? new IssueRejected(new RequestId(requestId), new CouponId(couponId), new UserId(userId), reason,
                        decidedAt, heldSequence, opensAt)
                : null;
    }

    private static byte[] ascii(String json) {
        return json.getBytes(ISO_8859_1);
    }

    private static String text(Instant time) {
        Second second = latestSecond;
        if (second.epochSecond != time.getEpochSecond()) {
            second = Second.of(time.getEpochSecond());
            // A race between threads is harmless: the record is immutable and checked before each use.
            latestSecond = second;
        }
        return second.text + MILLIS[time.getNano() / 1_000_000];
    }

    /** A second since 1970 with its text, up to the digits of the seconds. */
    private record Second(long epochSecond, String text) {

        static Second of(long epochSecond) {
            String text = Instant.ofEpochSecond(epochSecond).toString();
            return new Second(epochSecond, text.substring(0, text.length() - 1));
        }
    }

    /** Reads forward. After the first mismatch every method returns some value, and the text is not complete. */
    private static final class Scanner {

        private final byte[] json;
        private int position;
        private boolean matches = true;

        Scanner(byte[] json) {
            this.json = json;
        }

        Scanner skip(String expected) {
            int length = expected.length();
            matches &= json.length - position >= length;
            for (int i = 0; matches && i < length; i++) {
                matches = json[position + i] == expected.charAt(i);
            }
            position += length;
            return this;
        }

        /** The text up to the next quotation mark, which is not consumed. */
        String text() {
            int start = position;
            while (matches && position < json.length && json[position] != '"') {
                matches = json[position] > ' ' && json[position] <= '~' && json[position] != '\\';
                position++;
            }
            return matches ? new String(json, start, position - start, US_ASCII) : "";
        }

        /** A positive number of at most 18 digits, without leading zeros. */
        long number() {
            int start = position;
            long number = 0;
            while (matches && position < json.length && json[position] >= '0' && json[position] <= '9') {
                number = 10 * number + json[position] - '0';
                position++;
                matches = position - start <= 18;
            }
            matches &= position > start && json[start] != '0';
            return number;
        }

        /** A time as the writer writes it: with three digits of milliseconds, or without when they are zero. */
        Instant time() {
            int year = digits(4);
            int month = skip("-").digits(2);
            int day = skip("-").digits(2);
            int hour = skip("T").digits(2);
            int minute = skip(":").digits(2);
            int second = skip(":").digits(2);
            int millis = 0;
            if (matches && position < json.length && json[position] == '.') {
                millis = skip(".").digits(3);
                matches &= millis > 0;
            }
            skip("Z");
            matches &= hour < 24 && minute < 60 && second < 60;
            if (matches) {
                try {
                    long days = LocalDate.of(year, month, day).toEpochDay();
                    return Instant.ofEpochSecond(((days * 24 + hour) * 60 + minute) * 60 + second, millis * 1_000_000L);
                } catch (DateTimeException _) {
                    matches = false;
                }
            }
            return Instant.EPOCH;
        }

        private int digits(int count) {
            int number = 0;
            matches &= json.length - position >= count;
            for (int i = 0; matches && i < count; i++) {
                byte digit = json[position + i];
                matches = digit >= '0' && digit <= '9';
                number = 10 * number + digit - '0';
            }
            position += count;
            return number;
        }

        boolean isComplete() {
            return matches && position == json.length;
        }
    }
}
