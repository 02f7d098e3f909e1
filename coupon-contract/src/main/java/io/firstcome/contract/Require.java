package io.firstcome.contract;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Checks that name the field they fail on. */
final class Require {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Require() {}

    static <T> T present(String field, T value) {
        if (value == null) {
            throw new ContractViolation(field, "is missing");
        }
        return value;
    }

    static String identifier(String field, String value) {
        if (!IDENTIFIER.matcher(present(field, value)).matches()) {
            throw new ContractViolation(field, "must be 1 to 64 of the characters A-Z a-z 0-9 _ -");
        }
        return value;
    }

    static long between(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ContractViolation(field, "must be from " + least + " to " + most + ", not " + value);
        }
        return value;
    }

    static String text(String field, String value, int longest) {
        present(field, value);
        boolean fits = !value.isBlank() && value.codePointCount(0, value.length()) <= longest;
        if (!fits || value.codePoints().anyMatch(Require::isUnprintable)) {
            throw new ContractViolation(field, "must be 1 to " + longest + " characters of visible text");
        }
        return value;
    }

    /** Half of a surrogate pair can be read from a JSON escape, but no UTF-8 can be written from it. */
    private static boolean isUnprintable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /** Times are whole milliseconds, as Kafka's record times and MySQL's DATETIME(3) are. */
    static Instant time(String field, Instant value) {
        present(field, value);
        if (!value.truncatedTo(ChronoUnit.MILLIS).equals(value)) {
            throw new ContractViolation(field, "must be a time in whole milliseconds");
        }
        if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
            throw new ContractViolation(field, "must lie between the years 1970 and 9999");
        }
        return value;
    }

    static void that(boolean condition, String field, String problem) {
        if (!condition) {
            throw new ContractViolation(field, problem);
        }
    }
}
