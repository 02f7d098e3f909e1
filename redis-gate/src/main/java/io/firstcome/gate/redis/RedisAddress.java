package io.firstcome.gate.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is, read from a URL.
 *
 * @param topology how the servers belong together
 * @param tls whether connections are encrypted, those to sentinels included
 * @param login the ACL user of the servers; empty when they need none
 * @param servers the server, the sentinels, or some nodes of the cluster
 * @param primary the name by which sentinels know the primary; empty unless there are sentinels
 * @param database the number of the database; a cluster has only 0
 */
public record RedisAddress(
        Topology topology,
        boolean tls,
        Optional<Login> login,
        Set<HostAndPort> servers,
        String primary,
        int database) {

    /** How the servers belong together. */
    public enum Topology {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    /** An ACL user. A server without ACL users has the user {@code default}. */
    public record Login(Optional<String> user, String password) {

        @Override
        public String toString() {
            return "***";
        }
    }

    private static final String FORMS = "must look like redis://[user:password@]host:port[/database],"
            + " redis-sentinel://[user:password@]host:port,host:port/primary-name[/database] or"
            + " redis-cluster://[user:password@]host:port,host:port; with rediss for TLS";
    private static final Pattern URL = Pattern
            .compile("redis(?<tls>s?)(?<topology>-sentinel|-cluster|)://(?:(?<login>[^@/]*)@)?"
                    + "(?<servers>[^@/]+)(?<path>/[^?#]*)?");
    private static final Pattern SERVER = Pattern.compile("(?<host>[\\w.-]+|\\[[0-9a-fA-F:.]+]):(?<port>\\d{1,5})");
    private static final Pattern LOGIN = Pattern.compile("(?<user>[^:]*):(?<password>.+)");
    private static final Pattern DATABASE_PATH = Pattern.compile("/?(?<database>\\d{0,4})");
    private static final Pattern SENTINEL_PATH = Pattern
            .compile("/(?<primary>[\\w.-]+)(?:/(?<database>\\d{0,4}))?");

    /**
     * Reads a URL. Characters of the user and the password may be percent-encoded.
     *
     * @throws IllegalArgumentException when the URL has another form; the message has no part of the URL
     */
    public static RedisAddress of(URI uri) {
        Matcher url = URL.matcher(uri.toString());
        if (!url.matches()) {
            throw new IllegalArgumentException(FORMS);
        }
        Topology topology = switch (url.group("topology")) {
            case "-sentinel" -> Topology.SENTINEL;
            case "-cluster" -> Topology.CLUSTER;
            default -> Topology.SINGLE;
        };
        Set<HostAndPort> servers = Arrays.stream(url.group("servers").split(",", -1)).map(RedisAddress::server)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        String path = Optional.ofNullable(url.group("path")).orElse("");
        Matcher parts = (topology == Topology.SENTINEL ? SENTINEL_PATH : DATABASE_PATH).matcher(path);
        if (!parts.matches() || topology == Topology.SINGLE && servers.size() > 1) {
            throw new IllegalArgumentException(FORMS);
        }
        String number = Optional.ofNullable(parts.group("database")).orElse("");
        int database = number.isEmpty() ? 0 : Integer.parseInt(number);
        if (topology == Topology.CLUSTER && database != 0) {
            throw new IllegalArgumentException("must name no database: a cluster has only database 0");
        }
        return new RedisAddress(topology, !url.group("tls").isEmpty(),
                Optional.ofNullable(url.group("login")).map(RedisAddress::login), servers,
                topology == Topology.SENTINEL ? parts.group("primary") : "", database);
    }

    private static HostAndPort server(String text) {
        Matcher server = SERVER.matcher(text);
        if (!server.matches()) {
            throw new IllegalArgumentException(FORMS);
        }
        int port = Integer.parseInt(server.group("port"));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("must have ports from 1 to 65535");
        }
        return new HostAndPort(server.group("host"), port);
    }

    private static Login login(String text) {
        Matcher login = LOGIN.matcher(text);
        if (!login.matches()) {
            throw new IllegalArgumentException("must have user:password before the @");
        }
        return new Login(Optional.of(decoded(login.group("user"))).filter(user -> !user.isEmpty()),
                decoded(login.group("password")));
    }

    /** A plus sign is no space in this part of a URL. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The servers without credentials. */
    @Override
    public String toString() {
        String all = servers.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
        return switch (topology) {
            case SINGLE -> all;
            case SENTINEL -> "primary " + primary + " of sentinels " + all;
            case CLUSTER -> "cluster " + all;
        };
    }
}
