package io.firstcome.ingress.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.firstcome.ingress.testing.TestServer;

class ClientAddressTest {

    private static final String PEER = "127.0.0.1";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "203.0.113.9|203.0.113.9",
        "1.1.1.1, 203.0.113.9|203.0.113.9",
        "1.1.1.1, 203.0.113.9, 10.0.0.1|203.0.113.9",
        "10.9.9.9, 203.0.113.9, 10.0.0.1|203.0.113.9",
        "10.0.0.2, 10.0.0.1|10.0.0.2",
        "203.0.113.9:4711|203.0.113.9",
        "2001:db8::1|2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]:4711|2001:db8:0:0:0:0:0:1",
        "::ffff:203.0.113.9|203.0.113.9",
        "''|127.0.0.1",
        ",,|127.0.0.1",
        "unknown|127.0.0.1",
        "203.0.113.9, unknown|127.0.0.1",
        "203.0.113.9, unknown, 10.0.0.1|10.0.0.1",
        "example.org|127.0.0.1",
        "203.0.113.9, [|127.0.0.1"})
    void shouldTakeTheNearestAddressOutsideTheProxies(String header, String client) {
        assertThat(seen("127.0.0.1,10.0.0.0/8", "X_FORWARDED_FOR", "X-Forwarded-For", header)).startsWith(client + " ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "for=203.0.113.9|203.0.113.9",
        "For=1.1.1.1, proto=https;FOR=\"203.0.113.9\" ;by=10.0.0.1|203.0.113.9",
        "for=\"[2001:db8::1]:4711\";proto=https|2001:db8:0:0:0:0:0:1",
        "for=203.0.113.9, for=10.0.0.1;host=a|203.0.113.9",
        "for=\"x, for=203.0.113.9|203.0.113.9",
        "for = 203.0.113.9 ; host = a|203.0.113.9",
        "for=203.0.113.1;for=203.0.113.9|203.0.113.9",
        "xfor=203.0.113.9|127.0.0.1",
        "for=_hidden|127.0.0.1",
        "proto=https|127.0.0.1",
        "203.0.113.9|127.0.0.1"})
    void shouldReadTheForwardedHeaderWhenConfigured(String header, String client) {
        assertThat(seen("127.0.0.1,10.0.0.0/8", "FORWARDED", "Forwarded", header)).startsWith(client + " ");
    }

    @Test
    void shouldParseALongInvalidHeaderQuickly() {
        Stream.of("for=" + " ".repeat(7_600) + "\"\"x", ";for=".repeat(1_500), " ;".repeat(3_800) + "for").forEach(
                header -> assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThat(
                        seen(PEER, "FORWARDED", "Forwarded", header)).startsWith(PEER)));
    }

    @Test
    void shouldIgnoreTheHeaderOfAnUntrustedPeer() {
        assertThat(seen("", "X_FORWARDED_FOR", "X-Forwarded-For", "203.0.113.9")).startsWith(PEER);
        assertThat(seen("10.0.0.0/8", "X_FORWARDED_FOR", "X-Forwarded-For", "203.0.113.9")).startsWith(PEER);
    }

    @Test
    void shouldIgnoreTheHeaderThatIsNotConfigured() {
        assertThat(seen(PEER, "X_FORWARDED_FOR", "Forwarded", "for=203.0.113.9")).startsWith(PEER);
        assertThat(seen(PEER, "FORWARDED", "X-Forwarded-For", "203.0.113.9")).startsWith(PEER);
        assertThat(seen(PEER, "X_FORWARDED_FOR", "X-Real-IP", "203.0.113.9")).startsWith(PEER);
    }

    @Test
    void shouldJoinSeveralHeaderLines() {
        assertThat(seen(PEER, "X_FORWARDED_FOR", "X-Forwarded-For", "1.1.1.1", "X-Forwarded-For", "203.0.113.9"))
                .startsWith("203.0.113.9 ");
    }

    @Test
    void shouldGroupIpv6AddressesByNetwork() {
        Stream.of("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff").forEach(
                address -> assertThat(seen(PEER, "X_FORWARDED_FOR", "X-Forwarded-For", address))
                        .endsWith(" 2001:db8:1:2:0:0:0:0"));
        assertThat(seen(PEER, "X_FORWARDED_FOR", "X-Forwarded-For", "203.0.113.9")).endsWith(" 203.0.113.9");
    }

    @Test
    void shouldReportAnIgnoredHeaderOncePerPeer() {
        // given
        var logged = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(ClientAddress.class);
        logged.start();
        logger.addAppender(logged);
        var address = new ClientAddress(ProtectionSettings.from(Map.of("FIRSTCOME_TRUSTED_PROXIES", "10.0.0.0/8")));
        try (TestServer server = TestServer.with(
                routes -> routes.get("/", context -> context.result(address.of(context).getHostAddress())))) {

            // when
            server.get("/");
            server.get("/", "X-Forwarded-For", "203.0.113.9");
            server.get("/", "X-Forwarded-For", "203.0.113.10");

            // then
            assertThat(logged.list).singleElement().satisfies(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getFormattedMessage()).contains("X-Forwarded-For of 127.0.0.1",
                        "FIRSTCOME_TRUSTED_PROXIES").doesNotContain("203.0.113");
            });
        } finally {
            logger.detachAppender(logged);
        }
    }

    private static String seen(String proxies, String header, String... headers) {
        var address = new ClientAddress(ProtectionSettings
                .from(Map.of("FIRSTCOME_TRUSTED_PROXIES", proxies, "FIRSTCOME_FORWARDING_HEADER", header)));
        try (TestServer server = TestServer.with(routes -> routes.get("/", context -> context.result(
                address.of(context).getHostAddress() + " " + address.network(context).getHostAddress())))) {
            return server.get("/", headers).text();
        }
    }
}
