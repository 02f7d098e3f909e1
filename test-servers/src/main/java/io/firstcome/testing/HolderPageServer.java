package io.firstcome.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.sun.net.httpserver.HttpServer;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;

/** Answers queries for {@code holders}, {@code issues} and {@code stock} as the authority's query port does. */
final class HolderPageServer implements AutoCloseable {

    private static final String DEFAULT_LIMIT = "1000";

    /** By coupon, the issues of each user by user id. */
    private final Map<String, ConcurrentNavigableMap<String, List<Item>>> coupons = new ConcurrentHashMap<>();
    private final Map<String, CouponState> states = new ConcurrentHashMap<>();
    private final HttpServer server;

    /** One issue; {@code revokedAt} is null, and absent from the JSON, while the user holds it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Item(UserId userId, long sequence, RequestId requestId, Instant issuedAt, int nth,
            Instant revokedAt) {

        private Item after(IssueRevoked revoked) {
            return sequence == revoked.sequence()
                    ? new Item(userId, sequence, requestId, issuedAt, nth, revoked.revokedAt())
                    : this;
        }
    }

    HolderPageServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/coupons/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Adds the outcome's coupon with its state, and what was issued or revoked. */
    void add(CouponOutcome outcome, CouponState state) {
        states.put(outcome.couponId().value(), state);
        var holders = coupons.computeIfAbsent(outcome.couponId().value(), _ -> new ConcurrentSkipListMap<>());
        if (outcome instanceof CouponIssued issued) {
            var item = new Item(issued.userId(), issued.sequence(), issued.requestId(), issued.issuedAt(),
                    issued.nth(), null);
            holders.compute(issued.userId().value(), (_, before) -> before == null
                    ? List.of(item)
                    : before.size() >= item.nth() ? before : Stream.concat(before.stream(), Stream.of(item)).toList());
        } else if (outcome instanceof IssueRevoked revoked) {
            holders.computeIfPresent(revoked.userId().value(),
                    (_, before) -> before.stream().map(it -> it.after(revoked)).toList());
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/");
            var holders = path.length >= 5 ? coupons.get(path[3]) : null;
            if (holders == null) {
                sendProblem(exchange, "unknown-coupon");
            } else if (path[4].equals("holders")) {
                send(exchange, 200, "application/json", page(path[3], holders, parameters(exchange)));
            } else if (path[4].equals("stock")) {
                send(exchange, 200, "application/json", stock(states.get(path[3])));
            } else {
                List<Item> held = holders.getOrDefault(path[5], List.of()).stream()
                        .filter(it -> it.revokedAt() == null).toList();
                if (held.isEmpty()) {
                    sendProblem(exchange, "no-such-issue");
                } else {
                    send(exchange, 200, "application/json", issue(path[3], held));
                }
            }
        }
    }

    private static Map<String, Object> stock(CouponState state) {
        return Map.of("couponId", state.couponId(), "stock", state.definition().stock(), "issued", state.issued(),
                "revoked", state.revoked(), "remaining", state.remaining(), "status", state.status(), "version",
                state.version(), "host", "here:1");
    }

    private static Map<String, Object> issue(String coupon, List<Item> held) {
        Item first = held.getFirst();
        Map<String, Object> issue = new LinkedHashMap<>(Map.of("couponId", coupon, "userId", first.userId(), "sequence",
                first.sequence(), "requestId", first.requestId(), "issuedAt", first.issuedAt()));
        if (held.size() > 1) {
            issue.put("issues", held);
        }
        return issue;
    }

    private static void sendProblem(HttpExchange exchange, String name) throws IOException {
        send(exchange, 404, "application/problem+json", Map.of("type", "urn:firstcome:problem:" + name, "title", name,
                "status", 404));
    }

    private static Map<String, Object> page(String coupon, ConcurrentNavigableMap<String, List<Item>> holders,
            Map<String, String> parameters) {
        int limit = Integer.parseInt(parameters.getOrDefault("limit", DEFAULT_LIMIT));
        // The empty string is less than every user id.
        List<List<Item>> read = holders.tailMap(parameters.getOrDefault("after", ""), false).values().stream()
                .limit(limit + 1L).toList();
        List<List<Item>> shown = read.subList(0, Math.min(limit, read.size()));
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("couponId", coupon);
        page.put("holders", shown.stream().flatMap(List::stream).toList());
        if (read.size() > limit) {
            page.put("next", shown.getLast().getLast().userId());
        }
        return page;
    }

    private static Map<String, String> parameters(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query == null
                ? Map.of()
                : Arrays.stream(query.split("&")).map(it -> it.split("=", 2))
                        .collect(Collectors.toMap(it -> it[0], it -> it[1]));
    }

    private static void send(HttpExchange exchange, int status, String mediaType, Object body) throws IOException {
        byte[] bytes = Json.mapper().writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", mediaType);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
