package io.firstcome.ingress.limits;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * A network in CIDR notation.
 *
 * @param prefix the number of leading bits that all addresses share
 */
record AddressRange(InetAddress network, int prefix) {

    AddressRange {
        if (prefix < 0 || prefix > bits(network)) {
            throw new IllegalArgumentException("prefix is longer than the address");
        }
    }

    /**
     * Parses {@code 10.0.0.0/8} or a single address.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    static AddressRange of(String text) {
        String[] parts = text.split("/", 2);
        try {
            InetAddress network = InetAddress.ofLiteral(parts[0]);
            return new AddressRange(network, parts.length == 1 ? bits(network) : Integer.parseInt(parts[1]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must contain addresses or ranges such as 10.0.0.0/8, not " + text, e);
        }
    }

    boolean contains(InetAddress address) {
        return bits(address) == bits(network)
                && number(address).xor(number(network)).bitLength() <= bits(network) - prefix;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}
