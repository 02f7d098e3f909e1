package io.firstcome.bench.limit;

/** The users of the limits. */
final class Rows {

    /** An odd number: multiplication by it maps each number below 2^32 to another one. */
    private static final int SPREAD = 0x9E3779B1;

    private Rows() {}

    /** The user of the claim with a number below 2^32. The order of names is as good as random, as it is in a sale. */
    static String user(long number) {
        String hex = Integer.toHexString((int) number * SPREAD);
        return "user-00000000".substring(0, 13 - hex.length()) + hex;
    }
}
