package io.firstcome.processor.query;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The hosts that queries may be forwarded to. The address of a coupon's owner comes from the metadata of the Kafka
 * group: without this list, a program that can join the group could make an instance send requests to any host in its
 * network.
 *
 * @param hosts one pattern per host or kind of hosts
 */
public record Peers(List<Pattern> hosts) {

    /** A part of a host name. Contains none of the characters that would begin another part of a URL. */
    private static final String ANY = "[A-Za-z0-9_-]+";
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_.:*-]+");

    /**
     * Reads the setting.
     *
     * @param setting hosts separated by commas, in which {@code *} is any part of a name without a dot
     * @throws IllegalArgumentException when a host contains other characters than those of names and addresses
     */
    public static Peers of(String setting) {
        return new Peers(Arrays.stream(setting.split(",")).map(String::strip).filter(host -> !host.isEmpty())
                .map(Peers::valid).map(Peers::pattern).toList());
    }

    /** These hosts, or if there are none the hosts that are like this instance's. */
    public Peers orLike(String advertisedHost) {
        return hosts.isEmpty() ? new Peers(List.of(pattern(likeThisOne(advertisedHost)))) : this;
    }

    /** Names of the same domain, or the same name with another number. An address is only like itself. */
    private static String likeThisOne(String host) {
        if (isAddress(host)) {
            return host;
        }
        int dot = host.indexOf('.');
        return dot > 0 ? "*" + host.substring(dot) : host.replaceFirst("\\d+$", "*");
    }

    private static boolean isAddress(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String valid(String host) {
        if (!VALID.matcher(host).matches()) {
            throw new IllegalArgumentException("must contain host names or addresses such as authority-* or 10.0.3.*");
        }
        return host;
    }

    private static Pattern pattern(String host) {
        String parts = Arrays.stream(host.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(ANY));
        return Pattern.compile(parts, Pattern.CASE_INSENSITIVE);
    }

    /** Whether queries may be forwarded to this host. */
    boolean contains(String host) {
        return hosts.stream().anyMatch(pattern -> pattern.matcher(host).matches());
    }
}
