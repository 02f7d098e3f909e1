package io.firstcome.bench.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadGenerator;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.system.FirstComeBuild;
import io.firstcome.bench.system.FirstComeSystem;
import redis.clients.jedis.RedisClient;

/** The services stay ready for a rush while nothing happens. */
@EnabledIfSystemProperty(named = "firstcome.test.idle", matches = "true",
        disabledReason = "waits for 95 s; mvn verify -Dfirstcome.test.idle=true runs it")
class AwakeTest {

    /** Connection pools drop connections by default after 60 s, and look for such connections every 30 s. */
    private static final Duration IDLE = Duration.ofSeconds(95);

    @TempDir
    private Path directory;

    @Test
    void shouldIssueToAllWhoClaimAtOnceAfterAPause() throws Exception {
        // given
        FirstComeBuild build = FirstComeBuild.at("firstcome", System.getProperty("java.class.path"),
                List.of("-Xmx512m", "-XX:+UseSerialGC"));
        try (var system = FirstComeSystem.start(build, directory, List.of());
                LoadGenerator generator = LoadGenerator.start(false)) {
            system.createCoupon("awake", 1_000);
            long before = redisConnections(system);
            await().pollDelay(IDLE).atMost(IDLE.plusSeconds(10)).until(() -> true);
            assertThat(redisConnections(system) - before).as("new connections, with the one that asks").isEqualTo(1);

            // when
            LoadResult result = generator.run(
                    LoadJob.atOnce(system.url(), ClaimPattern.of("awake", "u").waiting(), 500, 500));

            // then
            assertThat(result.byStatus()).containsOnlyKeys(201);
            assertThat(result.count(201)).isEqualTo(500);
            assertThat(result.retries()).as("503 or a broken connection: %s", result.firstError()).isZero();
        }
    }

    private static long redisConnections(FirstComeSystem system) {
        try (RedisClient redis = RedisClient.create(system.servers().redis())) {
            return redis.info("stats").lines().filter(line -> line.startsWith("total_connections_received:"))
                    .mapToLong(line -> Long.parseLong(line.split(":")[1].strip())).findFirst().orElseThrow();
        }
    }
}
