package io.firstcome.bench.limit;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;

import io.firstcome.bench.rival.parts.HttpPort;
import io.firstcome.bench.rival.parts.ServerJvm;
import io.firstcome.bench.system.CouponSystem;
import io.javalin.Javalin;

/**
 * Javalin without anything behind it, in a JVM of its own: it reads the claim's body and answers 202 with a constant of
 * the size of FirstCome's answer. No handler of a route can be faster.
 */
public final class BareJavalin implements CouponSystem {

    /** The name in reports. */
    public static final String NAME = "bare-javalin";

    private static final byte[] ANSWER = """
            {"requestId":"01938a3c-5f60-7cc2-9d1e-0b5a1c2d3e4f","couponId":"bench-coupon-1","userId":"user-0001234",\
            "status":"PENDING"}""".getBytes(StandardCharsets.UTF_8);

    private final ServerJvm server;

    private BareJavalin(ServerJvm server) {
        this.server = server;
    }

    /** Starts the server; its log is written to {@code directory}. */
    public static BareJavalin start(Path directory) throws IOException {
        return new BareJavalin(ServerJvm.start(NAME, Server.class, new Properties(), directory));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String weakness() {
        return "Decides and stores nothing: the limit of the HTTP server.";
    }

    @Override
    public URI url() {
        return server.url();
    }

    /** Does nothing: every claim of every coupon is answered alike. */
    @Override
    public void createCoupon(String couponId, long stock) {}

    @Override
    public long storedRows(String couponId) {
        return 0;
    }

    @Override
    public void close() {
        server.close();
    }

    /** The process. */
    private static final class Server {

        public static void main(String[] arguments) throws IOException {
            int port = Integer.parseInt(ServerJvm.settings(arguments[0]).getProperty(ServerJvm.PORT));
            Javalin http = HttpPort.start(port, routes -> routes.post("/v1/coupons/{couponId}/issues", context -> {
                context.bodyAsBytes();
                context.status(202).contentType("application/json").result(ANSWER);
            }));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(http::stop));
        }
    }
}
