package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.TopicSpec;
import io.firstcome.contract.Topics;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.FreePort;
import io.firstcome.standalone.stack.Endpoints;
import redis.clients.jedis.RedisClient;

/**
 * Three runs, one truth: a log recorded once is replayed to fresh systems whose Redis is well, flushed every second, or
 * absent. Each writes the outcomes that were written when it was recorded, byte for byte.
 */
@ExtendWith(SharedStack.class)
class ThreeRunsTest {

    private static final int SLICES = 5;

    private final long seed = new Random().nextLong();
    private final String name = "runs" + Long.toUnsignedString(seed);

    @TempDir
    private Path directory;

    private int partitions;

    @Test
    void shouldDecideTheSameWhateverRedisDoes(Endpoints endpoints) throws Exception {
        // given
        System.out.println("seed " + seed);
        int count = append(endpoints.kafka(), new LittleSale(name, seed));
        List<RawRecord> commands = read(endpoints.kafka(), Topics.COMMANDS, count);
        Map<Integer, List<RawRecord>> recorded = byPartition(read(endpoints.kafka(), Topics.OUTCOMES, count));
        assertThat(recorded.values()).as("what was decided").flatExtracting(it -> it).extracting(RawRecord::value)
                .anyMatch(it -> it.contains("CouponIssued")).anyMatch(it -> it.contains("SOLD_OUT"))
                .anyMatch(it -> it.contains("ALREADY_ISSUED")).anyMatch(it -> it.contains("PAUSED"))
                .anyMatch(it -> it.contains("ENDED"));

        // then
        assertThat(replayWithRedisWell(commands)).as("Redis well").isEqualTo(recorded);
        assertThat(replayWithRedisFlushed(commands)).as("Redis flushed").isEqualTo(recorded);
        assertThat(replayWithoutRedis("absent", commands)).as("no Redis").isEqualTo(recorded);
        assertThat(replayWithoutRedis("another", withOneByteChanged(commands))).as("another log")
                .isNotEqualTo(recorded);
    }

    private Map<Integer, List<RawRecord>> replayWithRedisWell(List<RawRecord> commands) throws Exception {
        try (var redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
                var client = RedisClient.create(redis.uri());
                var system = new ReplaySystem(directory.resolve("well"), redis.uri(), partitions)) {
            var outcomes = replay(system, commands, () -> {});
            await().atMost(Duration.ofSeconds(60)).until(() -> !client.keys("fc:{" + name + "*").isEmpty());
            return outcomes;
        }
    }

    private Map<Integer, List<RawRecord>> replayWithRedisFlushed(List<RawRecord> commands) throws Exception {
        AtomicInteger flushes = new AtomicInteger();
        try (var redis = EmbeddedRedis.start(directory.resolve("redis-flushed"), 0);
                var client = RedisClient.create(redis.uri());
                var system = new ReplaySystem(directory.resolve("flushed"), redis.uri(), partitions);
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            clock.scheduleAtFixedRate(() -> flush(client, flushes), 1, 1, TimeUnit.SECONDS);
            return replay(system, commands, () -> awaitAnother(flushes));
        }
    }

    private Map<Integer, List<RawRecord>> replayWithoutRedis(String name, List<RawRecord> commands) throws Exception {
        try (var system = new ReplaySystem(directory.resolve(name), "redis://127.0.0.1:" + FreePort.pick(),
                partitions)) {
            return replay(system, commands, () -> {});
        }
    }

    /** Gives the first claim to another user. */
    private static List<RawRecord> withOneByteChanged(List<RawRecord> commands) {
        List<RawRecord> changed = new ArrayList<>(commands);
        RawRecord claim = commands.stream().filter(it -> it.value().contains("\"userId\":\"u")).findFirst()
                .orElseThrow();
        changed.set(commands.indexOf(claim), new RawRecord(claim.partition(), claim.timestamp(), claim.key(),
                claim.value().replace("\"userId\":\"u", "\"userId\":\"v")));
        return changed;
    }

    /** Counts only what hurts: a gate that held something. */
    private void flush(RedisClient redis, AtomicInteger flushes) {
        boolean hurts = !redis.keys("fc:{" + name + "*").isEmpty();
        redis.flushAll();
        flushes.addAndGet(hurts ? 1 : 0);
    }

    private static void awaitAnother(AtomicInteger flushes) {
        int before = flushes.get();
        await().atMost(Duration.ofSeconds(60)).until(() -> flushes.get() > before);
    }

    private Map<Integer, List<RawRecord>> replay(ReplaySystem system, List<RawRecord> commands, Runnable afterSlice) {
        int size = (commands.size() + SLICES - 1) / SLICES;
        for (int from = 0; from < commands.size(); from += size) {
            system.append(commands.subList(from, Math.min(commands.size(), from + size)));
            afterSlice.run();
        }
        assertThat(byPartition(read(system.kafka(), Topics.COMMANDS, commands.size()))).as("the same log")
                .isEqualTo(byPartition(commands));
        return byPartition(read(system.kafka(), Topics.OUTCOMES, commands.size()));
    }

    private List<RawRecord> read(String kafka, TopicSpec topic, int count) {
        return RawRecord.read(kafka, topic, count, record -> record.key().startsWith(name));
    }

    private static Map<Integer, List<RawRecord>> byPartition(List<RawRecord> records) {
        return records.stream().collect(Collectors.groupingBy(RawRecord::partition, TreeMap::new, Collectors.toList()));
    }

    private int append(String kafka, LittleSale sale) {
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            partitions = producer.partitionsFor(Topics.COMMANDS.name()).size();
            sale.commands().forEach(command -> producer.send(Topics.COMMANDS.record(command)));
        }
        return sale.commands().size();
    }
}
