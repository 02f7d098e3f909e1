package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.sun.net.httpserver.HttpServer;

import io.firstcome.contract.id.CouponId;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.SinkMatches;
import io.firstcome.testkit.log.LogReader;

/** Fills an empty database from the authority of a running system. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
class RebuildDatabaseTest {

    private final AuthorityWithoutHolders authorityWithoutHolders = new AuthorityWithoutHolders();

    RebuildDatabaseTest() throws IOException {}

    @AfterEach
    void close() {
        authorityWithoutHolders.close();
    }

    @Test
    void shouldFillAnEmptyDatabaseFromTheAuthority(Endpoints endpoints) throws Exception {
        // given
        String id = Long.toString(System.nanoTime(), 36);
        var coupon = new CouponId("rebuilt-" + id);
        FlashSale.run(SalePlan.of(coupon, 30, 20, 10), endpoints, () -> {});
        String url = endpoints.jdbc().replaceFirst("(jdbc:mysql://[^/]+/)[^?]+", "$1rebuilt_" + id);
        try (Connection server = DriverManager.getConnection(endpoints.jdbc());
                Statement create = server.createStatement()) {
            create.execute("CREATE DATABASE rebuilt_" + id);
        }

        // when: the authority has lost all holders, and then it has them
        String refused = rebuild(1, endpoints, url, "--processor-url", authorityWithoutHolders.url());
        String accepted = rebuild(0, endpoints, url, "--processor-url", authorityWithoutHolders.url(),
                "--accept-incomplete");
        String printed = rebuild(0, endpoints, url, "--processor-url", endpoints.processor());

        // then
        assertThat(refused).contains("the authority lists fewer issues than were issued of: ", coupon.value(),
                "the sink does not go on");
        assertThat(accepted).contains("the authority lists fewer issues than were issued of: ", coupon.value(),
                "no partition had lost records");
        assertThat(printed).contains("holders stored", "no partition had lost records");
        var log = new LogReader(endpoints.kafka()).readSettled(coupon, Duration.ofSeconds(60));
        try (Connection rebuilt = DriverManager.getConnection(url)) {
            Evidence evidence = Evidence.of(log).withStored(StoredRows.read(rebuilt, coupon));
            assertThat(new SinkMatches().check(evidence)).isInstanceOf(GuaranteeResult.Pass.class);
            assertThat(StoredRows.read(rebuilt, coupon).issues()).hasSize(20);
        }
    }

    private static String rebuild(int exitCode, Endpoints endpoints, String url, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("rebuild-database", "--kafka", endpoints.kafka(),
                "--jdbc-url", url));
        arguments.addAll(List.of(more));
        try (CommandLine command = CommandLine.start(arguments.toArray(String[]::new))) {
            String printed = command.awaitEnd();
            assertThat(command.exitCode()).as(printed).isEqualTo(exitCode);
            return printed;
        }
    }

    /** Lists no holder of any coupon. */
    private static final class AuthorityWithoutHolders implements AutoCloseable {

        private final HttpServer http;

        AuthorityWithoutHolders() throws IOException {
            http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            http.createContext("/v1/coupons/", exchange -> {
                String coupon = exchange.getRequestURI().getPath().split("/")[3];
                byte[] page = "{\"couponId\":\"%s\",\"holders\":[]}".formatted(coupon).getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            http.start();
        }

        String url() {
            return "http://127.0.0.1:" + http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
