package io.firstcome.ingress.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import io.javalin.http.Context;

/**
 * Where a request comes from: the address at the other end of the connection or, if that is a trusted proxy's, the one
 * that the proxy names, and so on. What a client writes into the header itself is never reached.
 */
public final class ClientAddress {

    private static final int IPV6_NETWORK_BYTES = 8;
    private static final int IPV6_BYTES = 16;

    private final List<AddressRange> proxies;
    private final ForwardingHeader header;

    /** Believes the proxies of the settings. */
    public ClientAddress(ProtectionSettings settings) {
        this.proxies = settings.proxies();
        this.header = settings.forwardingHeader();
    }

    /** The client's address; where a proxy wrote what is none, that proxy's. */
    public InetAddress of(Context context) {
        InetAddress client = read(context.ip()).orElseThrow();
        if (!isProxy(client)) {
            return client;
        }
        for (String hop : header.hops(context).reversed()) {
            Optional<InetAddress> named = read(hop);
            if (named.isEmpty()) {
                return client;
            }
            client = named.get();
            if (!isProxy(client)) {
                return client;
            }
        }
        return client;
    }

    /** Whom to hold responsible: the address, or all of an IPv6 network of 64 bits, which one client has to itself. */
    public InetAddress network(Context context) {
        InetAddress client = of(context);
        return client instanceof Inet6Address ? network(client) : client;
    }

    private static InetAddress network(InetAddress client) {
        try {
            return InetAddress.getByAddress(
                    Arrays.copyOf(Arrays.copyOf(client.getAddress(), IPV6_NETWORK_BYTES), IPV6_BYTES));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private boolean isProxy(InetAddress address) {
        return proxies.stream().anyMatch(range -> range.contains(address));
    }

    private static Optional<InetAddress> read(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(withoutPort(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String withoutPort(String text) {
        if (text.startsWith("[") && text.contains("]")) {
            return text.substring(1, text.indexOf(']'));
        }
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }
}
