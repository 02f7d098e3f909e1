package io.firstcome.ingress.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;

class DocumentRoutesTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension
            .startedBy(() -> TestIngress.withShortReadTimeout(Map.of()));

    private final TestIngress ingress = INGRESSES.one();
    @Test
    void shouldServeADocsPageWithoutForeignResources() {
        // when
        Reply page = ingress.get("/docs");
        var loaded = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.text()).results()
                .map(it -> it.group(1)).toList();

        // then
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'self'");
        assertThat(loaded).hasSize(4).allSatisfy(part -> {
            assertThat(part).startsWith("/docs/");
            assertThat(ingress.get(part).status()).isEqualTo(200);
            assertThat(ingress.get(part).text()).isNotEmpty();
        });
        assertThat(ingress.get("/docs/initializer.js").text()).contains("url: \"/openapi.yaml\"")
                .contains("validatorUrl: null").doesNotContain("http");
    }

    @Test
    void shouldServeTheProblemPageAsHtml() {
        // when
        Reply page = ingress.get("/problems");

        // then
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.text()).contains("urn:firstcome:problem:sold-out");
    }

    @Test
    void shouldLimitConcurrentReadersOfMetrics() throws IOException {
        List<Socket> connections = new ArrayList<>();
        try {
            // when
            await().until(() -> {
                connections.add(connectionThatReadsNothing());
                return ingress.get("/metrics").status() == 503;
            });
        } finally {
            for (Socket reader : connections) {
                reader.close();
            }
        }

        // then
        await().until(() -> ingress.get("/metrics").status() == 200);
    }

    /** Requests more data than the buffers of a connection hold and reads none of it. */
    private Socket connectionThatReadsNothing() throws IOException {
        URI url = URI.create(ingress.service().url());
        var socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n".repeat(500)
                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "swagger-initializer.js", "..", "%2e%2e", "..%2fdocs.html", "%2fetc%2fpasswd",
        "..%5cdocs.html", "swagger-ui.css%00", "docs.html"})
    void shouldServeNoOtherFile(String file) {
        assertThat(ingress.get("/docs/" + file).status()).isBetween(400, 404);
    }
}
