package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.embedded.process.Loopback;

class EmbeddedRedisTest {

    @TempDir
    private Path directory;

    @Test
    void shouldEndItsProcessOnClose() {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();

        // when
        redis.close();
        redis.close();

        // then
        assertThat(process.isAlive()).isFalse();
        assertThat(replies(redis, "PING", "+PONG")).isFalse();
    }

    @Test
    void shouldRestartEmptyOnTheSamePortAfterAKill() {
        // given
        EmbeddedRedis killed = EmbeddedRedis.start(directory, 0);
        await().until(() -> replies(killed, "SET key value", "+OK"));

        // when
        killed.kill();

        // then
        try (EmbeddedRedis again = EmbeddedRedis.start(directory, killed.port())) {
            await().until(() -> replies(again, "EXISTS key", ":0"));
        }
    }

    @Test
    void shouldNotRespondWhilePaused() {
        try (EmbeddedRedis redis = EmbeddedRedis.start(directory, 0)) {
            // when
            redis.pause();

            // then
            assertThat(replies(redis, "PING", "+PONG")).isFalse();
        }
    }

    @Test
    void shouldRespondAfterResume() {
        try (EmbeddedRedis redis = EmbeddedRedis.start(directory, 0)) {
            // given
            redis.pause();

            // when
            redis.resume();

            // then
            await().until(() -> replies(redis, "PING", "+PONG"));
        }
    }

    /** The timeout is below the 30 s after which {@code close} kills the process. */
    @Test
    @Timeout(20)
    void shouldCloseWithoutAKillWhilePaused() {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();
        redis.pause();

        // when
        redis.close();

        // then
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void shouldRejectPauseAfterTheProcessHasEnded() {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        redis.kill();

        // then
        assertThatIllegalStateException().isThrownBy(redis::pause);
    }

    @Test
    void shouldLeaveNoDataInItsDirectory() throws IOException {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        await().until(() -> replies(redis, "SET key value", "+OK"));

        // when
        redis.close();

        // then
        try (var files = Files.list(directory)) {
            assertThat(files).extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("owner.lock", "redis.log");
        }
    }

    private static boolean replies(EmbeddedRedis redis, String command, String reply) {
        return Loopback.probe(redis.port(), socket -> reply(socket, command, reply.length()).equals(reply));
    }

    private static String reply(Socket socket, String command, int length) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }
}
