package io.firstcome.ingress.projection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * One number for who holds what, whatever the order in which the holders are added: the sum of 32 bits of each holder's
 * SHA-1. {@code settle.lua} keeps the same number in the facts.
 */
final class HolderDigest {

    private static final long BITS = 0xFFFF_FFFFL;

    private final MessageDigest sha1 = sha1();
    private long sum;

    HolderDigest add(String user, String holding) {
        byte[] hash = sha1.digest((user + "=" + holding).getBytes(StandardCharsets.UTF_8));
        sum = (sum + ByteBuffer.wrap(hash).getInt()) & BITS;
        return this;
    }

    long value() {
        return sum;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
