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

class EmbeddedRedisTest {

    @TempDir
    private Path directory;

    @Test
    void shouldBeGoneOnceClosed() {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();

        // when
        redis.close();
        redis.close();

        // then
        assertThat(process.isAlive()).isFalse();
        assertThat(says(redis, "PING", "+PONG")).isFalse();
    }

    @Test
    void shouldStartAgainEmptyAtTheSamePlaceAfterAKill() {
        // given
        EmbeddedRedis killed = EmbeddedRedis.start(directory, 0);
        await().until(() -> says(killed, "SET key value", "+OK"));

        // when
        killed.kill();

        // then
        try (EmbeddedRedis again = EmbeddedRedis.start(directory, killed.port())) {
            await().until(() -> says(again, "EXISTS key", ":0"));
        }
    }

    @Test
    void shouldAnswerNothingWhilePaused() {
        try (EmbeddedRedis redis = EmbeddedRedis.start(directory, 0)) {
            // when
            redis.pause();

            // then
            assertThat(says(redis, "PING", "+PONG")).isFalse();

            // when
            redis.resume();

            // then
            await().until(() -> says(redis, "PING", "+PONG"));
        }
    }

    @Test
    @Timeout(20)
    void shouldCloseEvenWhilePausedWithoutTheForceThatComesAfterHalfAMinute() {
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
    void shouldNotPretendToPauseWhatIsGone() {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        redis.kill();

        // then
        assertThatIllegalStateException().isThrownBy(redis::pause);
    }

    @Test
    void shouldLeaveNoDataBehind() throws IOException {
        // given
        EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
        await().until(() -> says(redis, "SET key value", "+OK"));

        // when
        redis.close();

        // then
        try (var files = Files.list(directory)) {
            assertThat(files).extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("owner.lock", "redis.log");
        }
    }

    private static boolean says(EmbeddedRedis redis, String command, String reply) {
        return Loopback.ask(redis.port(), socket -> reply(socket, command, reply.length()).equals(reply));
    }

    private static String reply(Socket socket, String command, int length) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }
}
