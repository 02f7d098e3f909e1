package io.firstcome.ingress.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.javalin.http.Context;

/**
 * The address that a request comes from: the peer of the connection or, while that is a trusted proxy, the address that
 * the proxy names in the forwarding header. Entries that the client itself wrote are never reached.
 */
public final class ClientAddress {

    private static final Logger LOG = LoggerFactory.getLogger(ClientAddress.class);
    /** Any client can send the header: its senders must not fill the log. */
    private static final int MAX_REPORTED = 20;
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final int IPV6_BYTES = 16;

    private final List<AddressRange> trustedProxies;
    private final ForwardingHeader header;
    private final Set<InetAddress> reported = ConcurrentHashMap.newKeySet();

    /** Trusts the proxies and the header of the settings. */
    public ClientAddress(ProtectionSettings settings) {
        this.trustedProxies = settings.proxies();
        this.header = settings.forwardingHeader();
    }

    /** The client's address; the last trusted proxy's where that proxy wrote no valid address. */
    public InetAddress of(Context context) {
        InetAddress client = parse(context.ip()).orElseThrow();
        if (!isTrustedProxy(client)) {
            reportIgnoredHeader(context, client);
            return client;
        }
        for (String hop : header.hops(context).reversed()) {
            Optional<InetAddress> named = parse(hop);
            if (named.isEmpty()) {
                return client;
            }
            client = named.get();
            if (!isTrustedProxy(client)) {
                return client;
            }
        }
        return client;
    }

    /** The key of limits per address: an IPv4 address, or an IPv6 /64 network, which usually belongs to one client. */
    public InetAddress network(Context context) {
        InetAddress client = of(context);
        if (!(client instanceof Inet6Address)) {
            return client;
        }
        try {
            return InetAddress.getByAddress(
                    Arrays.copyOf(Arrays.copyOf(client.getAddress(), IPV6_NETWORK_BYTES), IPV6_BYTES));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** All users behind a proxy that the settings do not name share one address, and so the limits of one address. */
    private void reportIgnoredHeader(Context context, InetAddress peer) {
        if (header.isIn(context) && reported.size() < MAX_REPORTED && reported.add(peer)) {
            LOG.warn("the header {} of {} is ignored, because FIRSTCOME_TRUSTED_PROXIES does not contain this address."
                    + " If {} is a proxy, name it there: until then its clients share the limits of one address.",
                    header.field(), peer.getHostAddress(), peer.getHostAddress());
        }
    }

    private boolean isTrustedProxy(InetAddress address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    private static Optional<InetAddress> parse(String text) {
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
