package io.firstcome.ingress.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/** The secret that makes somebody an operator. It is never shown. */
public final class AdminToken {

    private static final int SHORTEST = 16;
    private static final int FEWEST_DIFFERENT = 8;
    /** The last one stood in our own compose file, for everybody to read. */
    private static final Pattern OBVIOUS = Pattern.compile(
            "admin|changeme|default|firstcome|password|qwerty|secret|test|token|abcdefgh|12345678(90?)?"
                    + "|only-for-development",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern VISIBLE = Pattern.compile("[!-~]*");

    private final byte[] secret;

    /** @throws IllegalArgumentException when it is empty, for everybody would be an operator, or easy to guess */
    public AdminToken(String secret) {
        if (!VISIBLE.matcher(secret).matches()) {
            throw new IllegalArgumentException("must consist of visible ASCII characters, or no header could carry it");
        }
        String hardToGuess = OBVIOUS.matcher(secret).replaceAll("");
        if (hardToGuess.length() < SHORTEST || hardToGuess.chars().distinct().count() < FEWEST_DIFFERENT) {
            throw new IllegalArgumentException("must have at least " + SHORTEST + " characters, " + FEWEST_DIFFERENT
                    + " of them different, beside obvious words; openssl rand -hex 24 makes a good one");
        }
        this.secret = bytes(secret);
    }

    /** Whether somebody's token is this one. How long this takes tells nothing about how much was right. */
    boolean is(String token) {
        return MessageDigest.isEqual(secret, bytes(token));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "***";
    }
}
