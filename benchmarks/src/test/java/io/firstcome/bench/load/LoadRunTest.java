package io.firstcome.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.junit.jupiter.api.Test;

import io.firstcome.bench.load.ScriptedServer.Script;
import io.firstcome.embedded.process.FreePort;

class LoadRunTest {

    private static final ClaimPattern CLAIMS = ClaimPattern.of("coupon", "u");
    private static final Duration STALL = Duration.ofMillis(800);
    private static final Duration DURATION = Duration.ofSeconds(2);

    @Test
    void shouldCountAnswersByStatus() throws Exception {
        try (var server = new ScriptedServer((number, _) -> number % 4 == 0 ? 202 : 409)) {
            // when
            LoadResult result = LoadRun.of(LoadJob.closedLoop(server.url(), CLAIMS, 8, 400));

            // then
            assertThat(result.count(202)).isEqualTo(100);
            assertThat(result.count(409)).isEqualTo(300);
            assertThat(result.failures()).isZero();
            assertThat(result.latency().count()).isEqualTo(400);
            assertThat(new HashSet<>(server.bodies())).hasSize(400);
        }
    }

    @Test
    void shouldRepeatTheSameClaimAfter503() throws Exception {
        try (var server = new ScriptedServer((number, _) -> number < 5 ? 503 : 201)) {
            // when
            LoadResult result = LoadRun.of(LoadJob.atOnce(server.url(), CLAIMS, 5, 5));

            // then
            assertThat(result.count(201)).isEqualTo(5);
            assertThat(result.retries()).isEqualTo(5);
            assertThat(result.retries("scripted")).isEqualTo(5);
            assertThat(server.bodies()).hasSize(10);
            assertThat(new HashSet<>(server.bodies())).hasSize(5);
            assertThat(result.latency().p50()).isGreaterThan(500);
        }
    }

    @Test
    void shouldCountLostConnectionsAsErrors() throws Exception {
        try (var server = new ScriptedServer((_, exchange) -> {
            exchange.close();
            return 200;
        })) {
            // when
            LoadResult result = LoadRun.of(
                    LoadJob.closedLoop(server.url(), CLAIMS, 2, Duration.ofMillis(300)));

            // then
            assertThat(result.errors()).isPositive();
            assertThat(result.firstError()).isNotEmpty();
            assertThat(result.latency().count()).isZero();
        }
    }

    @Test
    void shouldFailWhenNoServerListens() {
        // given
        URI nowhere = URI.create("http://127.0.0.1:" + FreePort.pick());

        // when, then
        assertThatThrownBy(() -> LoadRun.of(LoadJob.closedLoop(nowhere, CLAIMS, 2, 1)))
                .isInstanceOf(IOException.class).hasMessageContaining("cannot connect");
    }

    /** All users who want a coupon during a stall wait for its end, not only those whose claim was sent before it. */
    @Test
    void shouldShowAStallInTheLatencyOfAnOpenLoop() throws Exception {
        try (var server = new ScriptedServer(stallsOnce())) {
            // when
            LoadResult result = LoadRun.of(LoadJob.openLoop(server.url(), CLAIMS, 4, 200, DURATION));

            // then
            assertThat(result.latency().p50()).isLessThan(STALL.toMillis() / 2.0);
            assertThat(result.latency().p95()).isGreaterThan(STALL.toMillis() * 0.6);
            assertThat(result.latency().p99()).isGreaterThan(STALL.toMillis() * 0.8);
        }
    }

    /** The reason why only the open loop is used for latencies under load. */
    @Test
    void shouldHideTheStallInAClosedLoop() throws Exception {
        try (var server = new ScriptedServer(stallsOnce())) {
            // when: so many claims that the four that meet the stall are fewer than one in a hundred
            LoadResult result = LoadRun.of(LoadJob.closedLoop(server.url(), CLAIMS, 4, 2_000));

            // then
            assertThat(result.latency().max()).isGreaterThan(STALL.toMillis() * 0.8);
            assertThat(result.latency().p99()).isLessThan(STALL.toMillis() / 2.0);
        }
    }

    @Test
    void shouldArriveAtTheGivenRate() throws Exception {
        try (var server = new ScriptedServer((_, _) -> 202)) {
            // when
            LoadResult result = LoadRun.of(LoadJob.openLoop(server.url(), CLAIMS, 16, 300, DURATION));

            // then
            assertThat(result.latency().count()).isBetween(450L, 750L);
        }
    }

    /** The request with number 100 holds a lock for a while, and all later requests need the lock. */
    private static Script stallsOnce() {
        var lock = new ReentrantLock();
        return (number, _) -> {
            lock.lock();
            try {
                if (number == 100) {
                    CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(STALL.toMillis(),
                            TimeUnit.MILLISECONDS)).join();
                }
                return 202;
            } finally {
                lock.unlock();
            }
        };
    }
}
