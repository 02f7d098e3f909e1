package io.firstcome.processor.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;

class ForwarderTest {

    private final AtomicInteger queries = new AtomicInteger();
    private final Metrics metrics = new Metrics("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private final Forwarder forwarder = new Forwarder(Peers.of("127.0.0.1"));
    private com.sun.net.httpserver.HttpServer owner;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        owner = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        owner.createContext("/", exchange -> {
            queries.incrementAndGet();
            byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        owner.start();
        server = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), metrics,
                routes -> routes.get("/ask/{host}", context -> forwarder.forward(context, "/v1/coupons/c1/stock",
                        new HostInfo(context.pathParam("host"), owner.getAddress().getPort()),
                        new HostInfo("127.0.0.1", 1))));
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        forwarder.close();
        owner.stop(0);
        metrics.close();
    }

    @Test
    void shouldForwardAQueryToAPeer() throws Exception {
        // when
        HttpResponse<String> answer = ask("127.0.0.1");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(queries).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.2", "169.254.169.254", "127.0.0.1%40localhost", "a%20b"})
    void shouldNotConnectToAnyOtherHost(String host) throws Exception {
        // when
        HttpResponse<String> answer = ask(host);

        // then
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("urn:firstcome:problem:unavailable", "FIRSTCOME_PROCESSOR_PEERS");
        assertThat(queries).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|127.0.0.1|127.0.0.1|true",
        "''|127.0.0.1|127.0.0.2|false",
        "''|authority-1|authority-2|true",
        "''|authority-1|AUTHORITY-12|true",
        "''|authority-1|authority|false",
        "''|authority-1|authority-2.evil.test|false",
        "''|authority-1|redis-1|false",
        "''|streams-processor|streams-processor|true",
        "''|streams-processor|redis|false",
        "''|authority-0.authority-instances.firstcome.svc|authority-1.authority-instances.firstcome.svc|true",
        "''|authority-0.authority-instances.firstcome.svc|redis.firstcome.svc|false",
        "''|authority-0.authority-instances.firstcome.svc|x.y.authority-instances.firstcome.svc|false",
        "''|a.example.com|b.example.com|true",
        "''|a.example.com|b.example.com.evil.test|false",
        "''|a.example.com|bxexample.com|false",
        "''|2001:db8::1|2001:db8::1|true",
        "''|2001:db8::1|2001:db8::2|false",
        "'10.0.3.*, authority-*'|127.0.0.1|10.0.3.7|true",
        "'10.0.3.*, authority-*'|127.0.0.1|10.0.30.7|false",
        "'10.0.3.*, authority-*'|127.0.0.1|authority-9|true",
        "'10.0.3.*, authority-*'|127.0.0.1|127.0.0.1|false",
        "'*'|127.0.0.1|anything|true",
        "'*'|127.0.0.1|user@anything|false"})
    void shouldMatchHosts(String setting, String advertisedHost, String host, boolean peer) {
        assertThat(Peers.of(setting).orLike(advertisedHost).contains(host)).isEqualTo(peer);
    }

    private HttpResponse<String> ask(String host) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(server.url() + "/ask/" + host)).build(),
                BodyHandlers.ofString());
    }
}
