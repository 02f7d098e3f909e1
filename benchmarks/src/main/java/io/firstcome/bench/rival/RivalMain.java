package io.firstcome.bench.rival;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.firstcome.bench.rival.parts.HttpPort;
import io.firstcome.bench.rival.parts.Reply;
import io.firstcome.bench.rival.parts.ServerJvm;
import io.firstcome.bench.system.BenchServers;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Runs one rival and its HTTP server as a process. */
final class RivalMain {

    static final int CREATED = 201;

    private static final Logger LOG = LoggerFactory.getLogger(RivalMain.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The bodies of rejections, which are the same for all users. */
    private static final Map<Reply, byte[]> PROBLEMS = Arrays.stream(Reply.values())
            .collect(Collectors.toMap(Function.identity(), RivalMain::problem));

    private final Rival rival;

    private RivalMain(Rival rival) {
        this.rival = rival;
    }

    /** The settings that {@link #main} reads. */
    static Properties settings(RivalKind kind, BenchServers servers) {
        var settings = new Properties();
        settings.setProperty("rival", kind.name());
        settings.setProperty("kafka", servers.kafkaBootstrap());
        settings.setProperty("redis", servers.redis().toString());
        settings.setProperty("jdbc.url", servers.jdbcUrl());
        settings.setProperty("jdbc.user", servers.jdbcUser());
        settings.setProperty("jdbc.password", servers.jdbcPassword());
        return settings;
    }

    public static void main(String[] arguments) throws Exception {
        Properties settings = ServerJvm.settings(arguments[0]);
        var servers = new BenchServers(settings.getProperty("kafka"), URI.create(settings.getProperty("redis")),
                settings.getProperty("jdbc.url"), settings.getProperty("jdbc.user"),
                settings.getProperty("jdbc.password"));
        RivalKind kind = Rivals.KINDS.stream().filter(it -> it.name().equals(settings.getProperty("rival")))
                .findFirst().orElseThrow();
        Rival rival = kind.opening().open(servers);
        Javalin http = HttpPort.start(Integer.parseInt(settings.getProperty(ServerJvm.PORT)),
                new RivalMain(rival)::addRoutes);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            http.stop();
            rival.close();
        }));
    }

    private void addRoutes(RoutesConfig routes) {
        routes.put("/v1/coupons/{couponId}", this::define);
        routes.post("/v1/coupons/{couponId}/issues", this::claim);
    }

    private void define(Context context) throws Exception {
        rival.define(context.pathParam("couponId"), JSON.readValue(context.bodyAsBytes(), Definition.class).stock());
        context.status(CREATED);
    }

    private void claim(Context context) throws IOException {
        String couponId = context.pathParam("couponId");
        String userId = JSON.readValue(context.bodyAsBytes(), Claim.class).userId();
        Reply reply = reply(couponId, userId);
        context.status(reply.status());
        switch (reply) {
            case ISSUED, ACCEPTED -> context.contentType("application/json")
                    .result(JSON.writeValueAsBytes(new Response(couponId, userId, reply.name())));
            case ALREADY_ISSUED, SOLD_OUT, UNKNOWN_COUPON, UNAVAILABLE ->
                context.contentType("application/problem+json").result(PROBLEMS.get(reply));
        }
    }

    private Reply reply(String couponId, String userId) {
        try {
            return rival.claim(couponId, userId);
        } catch (Exception e) {
            LOG.warn("the claim of {} for {} failed", userId, couponId, e);
            return Reply.UNAVAILABLE;
        }
    }

    private static byte[] problem(Reply reply) {
        try {
            return JSON.writeValueAsBytes(Map.of("type", "urn:rival:" + reply.name().toLowerCase().replace('_', '-'),
                    "status", reply.status()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Definition(long stock) {}

    private record Claim(String userId) {}

    private record Response(String couponId, String userId, String status) {}
}
