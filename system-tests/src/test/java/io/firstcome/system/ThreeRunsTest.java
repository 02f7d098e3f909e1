package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.standalone.stack.Endpoints;
import redis.clients.jedis.RedisClient;

/**
 * Replays a recorded log in new systems whose Redis works, is flushed every second, or is absent. Each system must
 * write exactly the recorded outcomes, byte for byte. The shared stack only records the log, so its other users do not
 * matter.
 */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
class ThreeRunsTest {

    private static final int SLICES = 5;

    private final long seed = new Random().nextLong();
    private final String name = "runs" + Long.toUnsignedString(seed);

    @TempDir
    private Path directory;

    private int partitions;

    @Test
    void shouldDecideTheSameWithAnyStateOfRedis(Endpoints endpoints) throws Exception {
        // given
        System.out.println("seed " + seed);
        int count = append(endpoints.kafka(), new SmallSale(name, seed));
        awaitDecided(endpoints.kafka());
        List<RawRecord> commands = read(endpoints.kafka(), Topics.COMMANDS, count);
        Map<Integer, List<RawRecord>> recorded = byPartition(read(endpoints.kafka(), Topics.OUTCOMES, count));
        assertThat(recorded.values()).as("recorded outcomes").flatExtracting(it -> it).extracting(RawRecord::value)
                .anyMatch(it -> it.contains("CouponIssued")).anyMatch(it -> it.contains("SOLD_OUT"))
                .anyMatch(it -> it.contains("ALREADY_ISSUED")).anyMatch(it -> it.contains("PAUSED"))
                .anyMatch(it -> it.contains("ENDED"));

        // when
        var withRedis = replayWithRedis(commands);
        var withRedisFlushed = replayWithRedisFlushed(commands);
        var withoutRedis = replayWithoutRedis("absent", commands);
        var ofAnotherLog = replayWithoutRedis("another", withOneByteChanged(commands));

        // then
        assertThat(withRedis).isEqualTo(recorded);
        assertThat(withRedisFlushed).isEqualTo(recorded);
        assertThat(withoutRedis).isEqualTo(recorded);
        assertThat(ofAnotherLog).isNotEqualTo(recorded);
    }

    private Map<Integer, List<RawRecord>> replayWithRedis(List<RawRecord> commands) throws Exception {
        try (var redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
                var client = RedisClient.create(redis.uri());
                var system = new ReplaySystem(directory.resolve("working"), redis.uri(), partitions)) {
            var outcomes = replay(system, commands, () -> {});
            await().atMost(Duration.ofSeconds(60)).until(() -> !client.keys("fc:{" + name + "*").isEmpty());
            return outcomes;
        }
    }

    private Map<Integer, List<RawRecord>> replayWithRedisFlushed(List<RawRecord> commands) throws Exception {
        Queue<Long> decidedBefore = new ConcurrentLinkedQueue<>();
        try (var redis = EmbeddedRedis.start(directory.resolve("redis-flushed"), 0);
                var client = RedisClient.create(redis.uri());
                var system = new ReplaySystem(directory.resolve("flushed"), redis.uri(), partitions);
                var progress = new AuthorityProgress(system.kafka());
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            clock.scheduleAtFixedRate(() -> flush(client, progress, decidedBefore), 1, 1, TimeUnit.SECONDS);
            var outcomes = replay(system, commands, () -> awaitLater(decidedBefore));
            assertThat(decidedBefore.stream().filter(decided -> decided > 0 && decided < commands.size()).distinct())
                    .as("flushes of a non-empty gate during the replay").hasSizeGreaterThanOrEqualTo(SLICES - 1);
            return outcomes;
        }
    }

    private Map<Integer, List<RawRecord>> replayWithoutRedis(String name, List<RawRecord> commands) throws Exception {
        try (var system = new ReplaySystem(directory.resolve(name), "redis://127.0.0.1:" + FreePort.pick(),
                partitions)) {
            var outcomes = replay(system, commands, () -> {});
            await("failures of the projector").atMost(Duration.ofSeconds(60))
                    .until(() -> system.metric("firstcome_loop_failures_total{loop=\"gate-projector\"") > 0);
            return outcomes;
        }
    }

    /** Changes the user of the first claim. */
    private static List<RawRecord> withOneByteChanged(List<RawRecord> commands) {
        List<RawRecord> changed = new ArrayList<>(commands);
        RawRecord claim = commands.stream().filter(it -> it.value().contains("\"userId\":\"u")).findFirst()
                .orElseThrow();
        changed.set(commands.indexOf(claim), new RawRecord(claim.partition(), claim.timestamp(), claim.key(),
                claim.value().replace("\"userId\":\"u", "\"userId\":\"v")));
        return changed;
    }

    /** Records the progress only when the gate was not empty. */
    private void flush(RedisClient redis, AuthorityProgress progress, Queue<Long> decidedBefore) {
        boolean hadKeys = !redis.keys("fc:{" + name + "*").isEmpty();
        redis.flushAll();
        if (hadKeys) {
            decidedBefore.add(progress.decided());
        }
    }

    /** Waits for a flush after decisions that no flush before came after. */
    private static void awaitLater(Queue<Long> flushes) {
        long before = latest(flushes);
        await().atMost(Duration.ofSeconds(60)).until(() -> latest(flushes) > before);
    }

    private static long latest(Queue<Long> flushes) {
        return flushes.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private static void awaitDecided(String kafka) {
        try (var progress = new AuthorityProgress(kafka)) {
            Map<TopicPartition, Long> end = progress.end();
            await().atMost(Duration.ofSeconds(60)).until(() -> progress.hasDecidedUpTo(end));
        }
    }

    private Map<Integer, List<RawRecord>> replay(ReplaySystem system, List<RawRecord> commands, Runnable afterSlice) {
        int size = (commands.size() + SLICES - 1) / SLICES;
        for (int from = 0; from < commands.size(); from += size) {
            system.append(commands.subList(from, Math.min(commands.size(), from + size)));
            afterSlice.run();
        }
        awaitDecided(system.kafka());
        assertThat(byPartition(read(system.kafka(), Topics.COMMANDS, commands.size()))).as("the same log")
                .isEqualTo(byPartition(commands));
        return byPartition(read(system.kafka(), Topics.OUTCOMES, commands.size()));
    }

    /** Reads all records of this test and checks their number. */
    private List<RawRecord> read(String kafka, TopicSpec topic, int count) {
        List<RawRecord> records = RawRecord.read(kafka, topic, record -> record.key().startsWith(name));
        assertThat(records.size()).as(topic.name()).isEqualTo(count);
        return records;
    }

    private static Map<Integer, List<RawRecord>> byPartition(List<RawRecord> records) {
        return records.stream().collect(Collectors.groupingBy(RawRecord::partition, TreeMap::new, Collectors.toList()));
    }

    private int append(String kafka, SmallSale sale) {
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            partitions = producer.partitionsFor(Topics.COMMANDS.name()).size();
            sale.commands().forEach(command -> producer.send(Topics.COMMANDS.record(command)));
        }
        return sale.commands().size();
    }
}
