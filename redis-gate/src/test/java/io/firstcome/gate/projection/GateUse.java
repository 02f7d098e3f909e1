package io.firstcome.gate.projection;

import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.resps.AccessControlLogEntry;

/** What an ingress does in Redis, and the rights that it needs for that. */
final class GateUse {

    /** The rights in docs/protection.md. */
    private static final String RIGHTS = "resetkeys ~fc:* -@all +ping +client|setname +select +evalsha +script|load"
            + " +type +del +unlink +hget +hset +hsetnx +hdel +hmget +hlen +hexists +zadd +zrem +zscore +zcount"
            + " +zrangebyscore +pexpire +pexpireat +pttl +time";

    private final Campaign campaign = Campaign.openForLong();
    private final RedisSettings settings;

    /** @param settings the Redis; the timeout is longer here, because no claim waits */
    GateUse(RedisSettings settings) {
        this.settings = settings.with(1, Duration.ofSeconds(5));
    }

    /** Sets a user {@code firstcome} with the password {@code p@ss}, with the rights of an ingress and these. */
    static void allow(UnifiedJedis admin, String more) {
        setUser(admin, "firstcome on >p@ss " + RIGHTS + more);
    }

    static void setUser(UnifiedJedis admin, String user) {
        var command = new CommandArguments(Command.ACL).add("SETUSER");
        List.of(user.split(" ")).forEach(command::add);
        admin.executeCommand(command);
    }

    /** The users of whom a server refused a command, a key or a channel. */
    static List<String> refused(RedisClient server) {
        try (var connection = new Jedis(server.getPool().getResource())) {
            return connection.aclLog().stream().filter(entry -> !"auth".equals(entry.getReason()))
                    .map(AccessControlLogEntry::getUsername).toList();
        }
    }

    Campaign campaign() {
        return campaign;
    }

    RedisAdmissionGate gate() {
        return new RedisAdmissionGate(settings, GateSettings.from(Map.of()), "id-1", InstantSource.system(),
                new SimpleMeterRegistry());
    }

    /** Does everything that an ingress does in Redis: {@code u1} then holds the coupon. */
    void project(UnifiedJedis admin) {
        var partition = new TopicPartition("coupon-outcomes", 0);
        var log = new LogIdentity(Map.of(partition.topic(), "id-1"));
        admin.set("fc:projector:offsets", "not a hash");
        admin.set("fc:{" + campaign.id() + "}:issued", "not a hash");
        try (var writer = new GateWriter(settings, log, Duration.ofHours(1))) {
            writer.positions(List.of(partition));
            writer.advance(Map.of(), Map.of(partition, 1L));
            admin.hset("fc:projector:offsets", log.field(partition), "not a number");
            assertThat(writer.positions(List.of(partition))).isEmpty();
            var decisions = List.of(new Decision("u1", "r1", "1:0:r1", 0), new Decision("u1", "r2", "2:0:r2", 0),
                    new Decision("u2", "r3", "3:0:r3", 0), new Decision("u2", "r3", "-3", 1),
                    new Decision("u3", "r4", "", 0));
            writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions), Map.of()));
            writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions),
                    Map.of(campaign.couponId(), campaign.state(1, 100, 3))));
            assertThat(writer.summaries(List.of(campaign.couponId())).getFirst()).isPresent();
        }
    }

    AdmissionOutcome claim(RedisAdmissionGate gate, String user, String request) {
        return gate.admit(new AdmissionRequest(campaign.state(1, 100, 3), userId(user), requestId(request)))
                .toCompletableFuture().join();
    }
}
