package io.firstcome.bench.rival;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;

import io.firstcome.bench.rival.parts.RowStore;
import io.firstcome.bench.rival.parts.ServerJvm;
import io.firstcome.bench.system.BenchServers;
import io.firstcome.bench.system.CouponSystem;

/** A rival that runs in a JVM of its own, seen from the benchmark. */
final class RivalProcess implements CouponSystem {

    private final RivalKind kind;
    private final ServerJvm server;
    private final RowStore rows;
    private final HttpClient http = HttpClient.newHttpClient();

    private RivalProcess(RivalKind kind, ServerJvm server, RowStore rows) {
        this.kind = kind;
        this.server = server;
        this.rows = rows;
    }

    static RivalProcess start(RivalKind kind, BenchServers servers, Path directory) throws IOException, SQLException {
        var rows = new RowStore(kind.database(servers), 1);
        try {
            Properties settings = RivalMain.settings(kind, servers);
            return new RivalProcess(kind, ServerJvm.start(kind.name(), RivalMain.class, settings, directory), rows);
        } catch (RuntimeException | IOException e) {
            rows.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return kind.name();
    }

    @Override
    public String weakness() {
        return kind.weakness();
    }

    @Override
    public URI url() {
        return server.url();
    }

    @Override
    public void createCoupon(String couponId, long stock) throws IOException, InterruptedException {
        HttpRequest put = HttpRequest.newBuilder(url().resolve("/v1/coupons/" + couponId))
                .PUT(HttpRequest.BodyPublishers.ofString("{\"stock\":" + stock + "}")).build();
        HttpResponse<String> response = http.send(put, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != RivalMain.CREATED) {
            throw new IOException(name() + " did not create " + couponId + ": " + response.body());
        }
    }

    @Override
    public long storedRows(String couponId) throws SQLException {
        return rows.count(couponId);
    }

    @Override
    public void close() {
        http.close();
        server.close();
        rows.close();
    }
}
