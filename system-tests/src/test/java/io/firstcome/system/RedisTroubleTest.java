package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.id.CouponId;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Ports;
import io.firstcome.standalone.stack.Stack;
import io.firstcome.standalone.stack.StackOptions;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.guarantee.Guarantees;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol;

/** One sale with several Redis failures in sequence. A failure may add latency but must not change an outcome. */
class RedisTroubleTest {

    private static final CouponId COUPON = new CouponId("trouble");
    private static final int USERS = 600;
    /** Sold out in the middle of the last of six phases, so that coupons are issued during every failure. */
    private static final int STOCK = 5 * USERS + USERS / 2;
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;
    private EmbeddedRedis redis;
    private Stack stack;
    private Endpoints endpoints;
    private final List<Answer> answers = new ArrayList<>();
    private final List<Phase> phases = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
        stack = new Stack(new StackOptions(directory.resolve("stack"), false, Ports.free(), 6, Optional.empty(),
                Optional.of(redis.uri()), Optional.empty()), (_, _, _) -> {});
        endpoints = stack.start();
    }

    @AfterEach
    void stop() {
        stack.close();
        redis.close();
    }

    @Test
    void shouldKeepEveryGuaranteeDuringRedisFailures() throws Exception {
        // given
        SalePlan warmUp = SalePlan.of(COUPON, USERS, STOCK, 100).withUserPrefix("warming");
        answers.addAll(FlashSale.run(warmUp, endpoints, () -> {}).answers());

        // when
        phase("calm", () -> {}, () -> {});
        phase("flushed", this::flush, this::flush);
        phase("stopped", redis::pause, redis::resume);
        phase("killed, back empty", redis::kill, this::startEmpty);
        save();
        phase("killed, back with old data", redis::kill, this::startWithOldData);

        // then
        print();
        Guarantees.assertAllChecked(new StackEvidence(endpoints).of(COUPON, answers));
        assertThat(answers).filteredOn(answer -> answer.reply() instanceof Reply.Issued).hasSize(STOCK);
    }

    /** Causes the failure after a quarter of the claims and repairs it after three quarters. */
    private void phase(String name, Runnable failure, Runnable repair) throws Exception {
        AtomicInteger answered = new AtomicInteger();
        SalePlan plan = SalePlan.of(COUPON, USERS, 1, 100).withUserPrefix(name.replaceAll("\\W+", "-"));
        List<Answer> received = FlashSale.join(plan, endpoints, () -> {
            switch (answered.incrementAndGet()) {
                case USERS / 4 -> failure.run();
                case USERS * 3 / 4 -> repair.run();
                default -> {
                }
            }
        }).answers();
        answers.addAll(received);
        List<Duration> latencies = received.stream()
                .map(answer -> Duration.between(answer.sentAt(), answer.receivedAt()))
                .sorted()
                .toList();
        phases.add(new Phase(name, latencies.size(), latencies.get(latencies.size() / 2),
                latencies.get(latencies.size() * 99 / 100), latencies.getLast()));
    }

    /**
     * The latencies of the answers of one phase.
     *
     * @param answers the number of answers
     * @param median the 50th percentile
     * @param p99 the 99th percentile
     * @param slowest the maximum
     */
    private record Phase(String name, int answers, Duration median, Duration p99, Duration slowest) {

        @Override
        public String toString() {
            return "%-28s %5d answers  p50 %5d ms  p99 %5d ms  slowest %5d ms".formatted(name, answers,
                    median.toMillis(), p99.toMillis(), slowest.toMillis());
        }
    }

    private void print() {
        phases.forEach(System.out::println);
        Phase calm = phases.getFirst();
        Phase worst = phases.stream().max(Comparator.comparing(Phase::slowest)).orElseThrow();
        System.out.printf("worst added latency: %d ms (%s)%n", worst.slowest().minus(calm.slowest()).toMillis(),
                worst.name());
    }

    private void flush() {
        try (var client = new RedisSettings(URI.create(redis.uri()), 1, REDIS_TIMEOUT).client()) {
            client.flushAll();
        }
    }

    private void save() {
        var save = new CommandObject<>(new CommandArguments(Protocol.Command.SAVE), BuilderFactory.STRING);
        try (var client = new RedisSettings(URI.create(redis.uri()), 1, REDIS_TIMEOUT).client()) {
            client.executeCommand(save);
        }
    }

    private void startEmpty() {
        try {
            Files.deleteIfExists(directory.resolve("redis/dump.rdb"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startWithOldData();
    }

    private void startWithOldData() {
        int port = redis.port();
        redis.close();
        redis = EmbeddedRedis.start(directory.resolve("redis"), port);
    }
}
