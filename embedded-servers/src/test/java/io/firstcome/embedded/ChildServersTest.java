package io.firstcome.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildServersTest {

    @TempDir
    private Path directory;

    @Test
    void shouldStartAndEndRedis() throws IOException {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        assertThat(redisSays(redis.port(), "PING")).isEqualTo("+PONG");
        ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();

        // when
        redis.close();
        redis.close();

        // then
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void shouldHangAndGoOnWhenToldTo() {
        try (var redis = EmbeddedRedis.start(directory, 0)) {
            // when
            redis.pause();

            // then
            assertThatThrownBy(() -> redisSays(redis.port(), "PING")).isInstanceOf(IOException.class);
            redis.resume();
            await().atMost(10, SECONDS)
                    .untilAsserted(() -> assertThat(redisSays(redis.port(), "PING")).isEqualTo("+PONG"));
        }
    }

    @Test
    void shouldKeepMariaDbsFilesAfterAKill() {
        // given
        EmbeddedMariaDb killed = EmbeddedMariaDb.start(directory, 0);
        ProcessHandle process = ProcessHandle.of(killed.pid()).orElseThrow();
        killed.kill();
        killed.close();
        assertThat(process.isAlive()).isFalse();

        // when
        try (var again = EmbeddedMariaDb.start(directory, 0)) {
            // then
            assertThat(again.jdbcUrl()).startsWith("jdbc:mysql://127.0.0.1:");
            assertThat(ProcessHandle.of(again.pid())).isPresent();
        }
    }

    @Test
    void shouldRefuseADirectoryThatAnotherServerHolds() {
        try (var _ = EmbeddedRedis.start(directory, 0)) {
            assertThatThrownBy(() -> EmbeddedRedis.start(directory, 0)).isInstanceOf(ServerStartFailure.class)
                    .hasMessageContaining("in use by another server");
        }
    }

    private static String redisSays(int port, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] reply = socket.getInputStream().readNBytes("+PONG".length());
            return new String(reply, StandardCharsets.US_ASCII);
        }
    }
}
