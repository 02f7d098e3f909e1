package io.firstcome.bench.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.bench.attack.AttackJob.User;

class AttackRunTest {

    private static final String REJECTED = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}";

    private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
    private final ServerSocket server;

    AttackRunTest() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void closeServer() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    @Test
    void shouldCountAnswersAndSendAgain() throws Exception {
        // given
        accept(REJECTED);

        // when
        AttackRun run = AttackRun.start(job(Attack.ONE_USER));
        await("second answers to each connection").until(() -> run.answered() >= 6);

        // then
        AttackResult result = run.stop();
        assertThat(result.answers()).containsOnlyKeys(429);
        assertThat(result.open()).isEqualTo(3);
    }

    @Test
    void shouldNotReturnFiguresOfAnAttackThatEnded() {
        // given
        accept("");
        var invalid = new AttackJob(url(), Attack.ONE_USER, 3, "127.0.0.1", List.of(), "sale", "full");

        // then
        assertThatThrownBy(() -> AttackRun.start(invalid)).isInstanceOf(IOException.class)
                .hasMessageContaining("the attack has ended: java.lang.ArithmeticException");
    }

    @Test
    void shouldReconnectWhenTheServerCloses() throws Exception {
        // given
        accept("");

        // when
        AttackRun run = AttackRun.start(job(Attack.IDLE));
        await().until(() -> accepted.size() == 3);
        for (Socket socket : accepted) {
            socket.close();
        }
        await().until(() -> accepted.size() == 6);

        // then
        assertThat(run.stop().closed()).isEqualTo(3);
    }

    @Test
    void shouldSendTheBodyByteByByte() throws Exception {
        // given
        accept("");

        // when
        AttackRun run = AttackRun.start(job(Attack.TRICKLED_BODIES));
        await().until(() -> accepted.size() == 3);
        byte[] received = new byte[1024];
        int head = accepted.peek().getInputStream().read(received);
        int body = accepted.peek().getInputStream().read(received, head, received.length - head);

        // then
        run.stop();
        assertThat(new String(received, 0, head + body, StandardCharsets.US_ASCII)).endsWith("\r\n\r\n{");
        assertThat(body).isEqualTo(1);
    }

    /** Accepts connections and answers all that arrives. With an empty answer it reads nothing and sends nothing. */
    private void accept(String answer) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    accepted.add(socket);
                    if (!answer.isEmpty()) {
                        Thread.ofVirtual().start(() -> answerAll(socket, answer));
                    }
                }
            } catch (IOException e) {
                assertThat(server.isClosed()).isTrue();
            }
        });
    }

    private static void answerAll(Socket socket, String answer) {
        try {
            while (socket.getInputStream().read(new byte[4096]) > 0) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException _) {
            // The attack or the test has closed the connection.
        }
    }

    private AttackJob job(Attack attack) {
        return new AttackJob(url(), attack, 3, "127.0.0.1", List.of(new User("u", "token")), "sale", "full");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }
}
