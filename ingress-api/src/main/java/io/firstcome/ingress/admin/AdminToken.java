package io.firstcome.ingress.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/** The secret that authenticates operators. Its text appears in no log or page. */
public final class AdminToken {

    private static final int MIN_LENGTH = 16;
    private static final int MIN_DISTINCT = 8;
    /** The last one was published in a Compose file of this project. */
    private static final Pattern OBVIOUS = Pattern.compile(
            "admin|changeme|default|firstcome|password|qwerty|secret|test|token|abcdefgh|12345678(90?)?"
                    + "|only-for-development",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern VISIBLE = Pattern.compile("[!-~]*");

    private final byte[] secret;

    /** @throws IllegalArgumentException when the secret is short, easy to guess or not visible ASCII */
    public AdminToken(String secret) {
        if (!VISIBLE.matcher(secret).matches()) {
            throw new IllegalArgumentException("must consist of visible ASCII characters: a header carries it");
        }
        String hardToGuess = OBVIOUS.matcher(secret).replaceAll("");
        if (hardToGuess.length() < MIN_LENGTH || hardToGuess.chars().distinct().count() < MIN_DISTINCT) {
            throw new IllegalArgumentException("must have at least " + MIN_LENGTH + " characters, " + MIN_DISTINCT
                    + " of them different, not counting common words; openssl rand -hex 24 generates a good one");
        }
        this.secret = bytes(secret);
    }

    /** Compares in constant time, so that the duration reveals nothing about the secret. */
    boolean matches(String token) {
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
