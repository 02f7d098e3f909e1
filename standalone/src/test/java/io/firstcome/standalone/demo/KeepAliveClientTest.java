package io.firstcome.standalone.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.firstcome.standalone.demo.KeepAliveClient.HttpAnswer;

class KeepAliveClientTest {

    private static final String ANSWER = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private ServerSocket server;
    private KeepAliveClient client;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        client = new KeepAliveClient("http://127.0.0.1:" + server.getLocalPort(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void shouldSendHeadersAndBodyAndReadTheAnswer() throws IOException {
        // given
        serveConnections(ANSWER);

        // when
        HttpAnswer answer = client.send("POST", "/path", Map.of("Prefer", "wait=1"), "body".getBytes(ISO_8859_1));

        // then
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).asString().isEqualTo("{}");
        assertThat(requests).singleElement().asString().startsWith("POST /path HTTP/1.1\r\nHost: 127.0.0.1:")
                .contains("\r\nContent-Length: 4\r\n", "\r\nPrefer: wait=1\r\n").endsWith("\r\n\r\nbody");
    }

    @Test
    void shouldReuseAConnection() throws IOException {
        // given: a server that accepts one connection only
        serveConnections(ANSWER + "," + ANSWER);

        // when
        post();
        HttpAnswer second = post();

        // then
        assertThat(second.status()).isEqualTo(201);
    }

    @Test
    void shouldRepeatARequestWhenAReusedConnectionHasEnded() throws IOException {
        // given
        serveConnections(ANSWER, ANSWER);

        // when
        post();
        HttpAnswer second = post();

        // then
        assertThat(second.status()).isEqualTo(201);
    }

    @Test
    void shouldNotReuseAConnectionThatTheServerCloses() throws IOException {
        // given
        serveConnections("HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", ANSWER);

        // when
        HttpAnswer first = post();
        HttpAnswer second = post();

        // then
        assertThat(first.status()).isEqualTo(503);
        assertThat(second.status()).isEqualTo(201);
    }

    @Test
    void shouldReportAnIncompleteAnswer() {
        // given
        serveConnections("HTTP/1.1 201 Created\r\nContent-Length: 20\r\n\r\n{}");

        // then
        assertThatThrownBy(this::post).isInstanceOf(IOException.class).hasMessageContaining("within an answer");
    }

    private HttpAnswer post() throws IOException {
        return client.send("POST", "/", Map.of(), "body".getBytes(ISO_8859_1));
    }

    /** For each connection in turn: the answers separated by commas, then the end of the connection. */
    private void serveConnections(String... connections) {
        Thread.ofVirtual().start(() -> {
            for (String answers : connections) {
                try (Socket socket = server.accept()) {
                    for (String answer : answers.split(",")) {
                        requests.add(request(socket.getInputStream()));
                        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private static String request(InputStream input) throws IOException {
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith("\r\n\r\nbody")) {
            int next = input.read();
            if (next < 0) {
                throw new IOException("the connection ended within a request");
            }
            read.append((char) next);
        }
        return read.toString();
    }
}
