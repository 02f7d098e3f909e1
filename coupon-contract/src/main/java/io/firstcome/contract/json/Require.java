package io.firstcome.contract.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Argument checks that throw a {@link ContractViolation} with the name of the field. */
public final class Require {

    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int MAX_IDENTIFIER_CHARACTERS = 64;
    private static final boolean[] IDENTIFIER_CHARACTERS = table(LETTERS_AND_DIGITS + "_-");
    private static final int MAX_USER_CHARACTERS = 128;
    private static final boolean[] USER_CHARACTERS = table(LETTERS_AND_DIGITS + "_-.:|@+=~");
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Require() {}

    public static <T> T present(String field, T value) {
        if (value == null) {
            throw new ContractViolation(field, "is missing");
        }
        return value;
    }

    public static String identifier(String field, String value) {
        if (!isMadeOf(IDENTIFIER_CHARACTERS, MAX_IDENTIFIER_CHARACTERS, present(field, value))) {
            throw new ContractViolation(field, "must be 1 to 64 of the characters A-Z a-z 0-9 _ -");
        }
        return value;
    }

    /** Refuses {@code .} and {@code ..} because URIs remove such path segments (RFC 3986, section 5.2.4). */
    public static String userIdentifier(String field, String value) {
        if (!isMadeOf(USER_CHARACTERS, MAX_USER_CHARACTERS, present(field, value)) || ".".equals(value)
                || "..".equals(value)) {
            throw new ContractViolation(field,
                    "must be 1 to 128 of the characters A-Z a-z 0-9 _ - . : | @ + = ~ and neither . nor ..");
        }
        return value;
    }

    /** Looks into a table, because every claim has three identifiers and a regular expression takes longer. */
    private static boolean isMadeOf(boolean[] allowed, int maxCharacters, String value) {
        int length = value.length();
        boolean valid = length > 0 && length <= maxCharacters;
        for (int i = 0; valid && i < length; i++) {
            char character = value.charAt(i);
            valid = character < allowed.length && allowed[character];
        }
        return valid;
    }

    private static boolean[] table(String characters) {
        boolean[] allowed = new boolean[128];
        characters.chars().forEach(character -> allowed[character] = true);
        return allowed;
    }

    public static long between(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ContractViolation(field, "must be from " + min + " to " + max + ", not " + value);
        }
        return value;
    }

    public static String text(String field, String value, int maxCharacters) {
        present(field, value);
        boolean fits = !value.isBlank() && value.codePointCount(0, value.length()) <= maxCharacters;
        if (!fits || value.codePoints().anyMatch(Require::isUnprintable)) {
            throw new ContractViolation(field, "must be 1 to " + maxCharacters + " characters of visible text");
        }
        return value;
    }

    /** Includes unpaired surrogates: a JSON escape can contain one, but it has no encoding in UTF-8. */
    private static boolean isUnprintable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /** Requires whole milliseconds, the precision of Kafka's record timestamps and of MySQL's DATETIME(3). */
    public static Instant time(String field, Instant value) {
        present(field, value);
        if (!value.truncatedTo(ChronoUnit.MILLIS).equals(value)) {
            throw new ContractViolation(field, "must be a time in whole milliseconds");
        }
        if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
            throw new ContractViolation(field, "must be between the years 1970 and 9999");
        }
        return value;
    }

    public static void that(boolean condition, String field, String problem) {
        if (!condition) {
            throw new ContractViolation(field, problem);
        }
    }
}
