package io.firstcome.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that does not answer. The tests of the ingress and of the authority forward to services that do. */
class ServiceClientTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int SOON_MILLIS = 10_000;

    private final ServiceClient client = new ServiceClient(Duration.ofSeconds(5), LONG);
    private final ServerSocket server;

    ServiceClientTest() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void shouldEndTheRequestWhenTheResultIsCancelled() throws Exception {
        // given
        CompletableFuture<HttpResponse<byte[]>> answer = client.send(request(), LONG);
        try (Socket connection = server.accept()) {
            connection.setSoTimeout(SOON_MILLIS);
            connection.getInputStream().read(new byte[4096]);

            // when
            answer.cancel(true);

            // then
            assertThat(connection.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
        }
    }

    @Test
    void shouldEndTheRequestWhenTheTimeIsOver() throws Exception {
        // given
        CompletableFuture<HttpResponse<byte[]>> answer = client.send(request(), Duration.ofMillis(500));
        try (Socket connection = server.accept()) {
            connection.setSoTimeout(SOON_MILLIS);
            connection.getInputStream().read(new byte[4096]);

            // then
            assertThat(answer).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(IOException.class)
                    .withMessageContaining("no complete answer within PT0.5S");
            assertThat(connection.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
        }
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/")).build();
    }
}
