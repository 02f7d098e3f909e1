package io.firstcome.ingress.operating;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The secret that makes somebody an operator. It is never shown. */
public final class AdminToken {

    private static final String SCHEME = "Bearer ";

    private final byte[] secret;

    /** @throws IllegalArgumentException when it is empty: everybody would be an operator */
    public AdminToken(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        this.secret = bytes(secret);
    }

    /** Whether an {@code Authorization} header carries it. How long this takes tells nothing about how much was right. */
    boolean isIn(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(secret, bytes(authorization.substring(SCHEME.length())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "***";
    }
}
