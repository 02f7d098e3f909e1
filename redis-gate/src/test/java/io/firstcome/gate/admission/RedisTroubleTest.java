package io.firstcome.gate.admission;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponState;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.GateData;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** The gate while Redis is slow, is away, loses its scripts or holds unreadable data; and the batching of claims. */
class RedisTroubleTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final int CLAIMS = 100;

    private final CouponState coupon = couponWithStock(10_000);
    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private RedisAdmissionGate gate = gate(RedisSettings.from(REDIS.environment()).with(1, Duration.ofSeconds(30)));

    @BeforeEach
    void fill() {
        REDIS.client().flushAll();
        new GateData(REDIS.client(), COUPON).facts("this-log", coupon);
    }

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void shouldSendConcurrentClaimsInOneRoundTrip() {
        // when
        List<CompletableFuture<AdmissionOutcome>> claims;
        REDIS.pause();
        try {
            claims = queueClaimsBehindAHangingOne();
        } finally {
            REDIS.resume();
        }

        // then
        assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());
        assertThat(batches()).isEqualTo(2);
        assertThat(meters.get(Meters.GATE_BATCH.name()).summary().max()).isEqualTo(CLAIMS);
        assertThat(meters.get("firstcome.gate.roundtrip").timer().count()).isEqualTo(2);
    }

    @Test
    void shouldAnswerTheRestOfABatchWithUnreadableData() {
        // given
        REDIS.client().hset("fc:{c1}:issued", "u1", "garbage");
        Campaign broken = Campaign.openForLong();
        REDIS.client().set("fc:{" + broken.id() + "}:facts", "not a hash");

        // when
        List<CompletableFuture<AdmissionOutcome>> claims;
        CompletableFuture<AdmissionOutcome> unreadable;
        REDIS.pause();
        try {
            claims = queueClaimsBehindAHangingOne();
            unreadable = claim(broken.state(1, 1, 0), 0);
        } finally {
            REDIS.resume();
        }

        // then
        assertThat(unreadable.join()).isEqualTo(new Cold());
        assertThat(claims.get(1).join()).isEqualTo(new Cold());
        claims.remove(1);
        assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());
        assertThat(batches()).isEqualTo(2);
    }

    @Test
    void shouldNotOpenTheBreakerForOneUnreadableCoupon() {
        // given
        REDIS.client().set("fc:{c1}:facts", "not a hash");

        // when
        IntStream.range(0, 20).forEach(i -> assertThat(claim(i).join()).isEqualTo(new Cold()));

        // then
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldReportAnErrorThatEndsTheRehearsal() {
        // given
        try (var broken = new RedisAdmissionGate(RedisSettings.from(REDIS.environment()),
                GateSettings.from(Map.of()), "this-log", () -> {
                    throw new LinkageError("thrown by the test");
                }, meters)) {
            // when
            broken.startRehearsal();

            // then
            await().until(() -> broken.problem().isPresent());
            assertThat(broken.problem().get()).contains("LinkageError");
            assertThat(broken.isRehearsed()).isTrue();
        }
    }

    @Test
    void shouldLoadTheScriptAgainUnderLoad() {
        for (int wave = 0; wave < 10; wave++) {
            // given: a claim that loads the script if Redis has dropped it
            assertThat(claim(10 * CLAIMS + wave).join()).isEqualTo(new Admitted());
            List<CompletableFuture<AdmissionOutcome>> claims = claimAll(wave * CLAIMS);

            // when
            REDIS.client().scriptFlush("any");

            // then
            assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());
        }
        assertThat(REDIS.client().zcard("fc:{c1}:inflight")).isEqualTo(10 * (CLAIMS + 1));
    }

    @Test
    void shouldCountOneFailurePerFailedRoundTrip() {
        // given
        REDIS.pause();
        List<CompletableFuture<AdmissionOutcome>> claims = queueClaimsBehindAHangingOne();

        // when
        REDIS.kill();

        // then
        assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Unavailable());
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldOpenTheBreakerWhileRedisHangs() {
        // given
        replace(RedisSettings.from(REDIS.environment()));
        await().until(() -> claim(1).join().equals(new Admitted()));

        // when
        REDIS.pause();

        // then
        try {
            await().until(() -> claim(1).join().equals(new Unavailable()) && isOpen());
        } finally {
            REDIS.resume();
        }
        await().untilAsserted(() -> assertThat(claim(1).join()).isEqualTo(new Admitted()));
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldAdmitARequestAgainAfterATimeout() {
        // given
        replace(RedisSettings.from(REDIS.environment()));
        await().until(() -> claim(2).join().equals(new Admitted()));
        double before = batches();
        REDIS.pause();
        try {
            // The batcher does not send a claim that timed out in the queue, so one claim may not be enough.
            await().until(() -> {
                assertThat(claim(1).join()).isEqualTo(new Unavailable());
                return batches() > before;
            });
        } finally {
            REDIS.resume();
        }

        // when
        await().until(() -> REDIS.client().hexists("fc:{c1}:requests", "u1"));

        // then
        await().until(() -> claim(1).join().equals(new Admitted()));
        assertThat(REDIS.client().zcard("fc:{c1}:inflight")).isEqualTo(2);
    }

    @Test
    void shouldUseARestartedRedis() {
        // given
        replace(RedisSettings.from(REDIS.environment()));
        claim(1).join();

        // when
        REDIS.kill();

        // then
        await().until(() -> claim(1).join().equals(new Unavailable()) && isOpen());
        REDIS.startAgain();
        await().untilAsserted(() -> assertThat(claim(1).join()).isEqualTo(new Cold()));
    }

    @Test
    void shouldDropAllConnectionsToADeadRedis() {
        // given
        replace(RedisSettings.from(REDIS.environment()).with(4, Duration.ofSeconds(30)));
        REDIS.pause();
        List<CompletableFuture<AdmissionOutcome>> claims = IntStream.rangeClosed(1, 4).mapToObj(i -> {
            CompletableFuture<AdmissionOutcome> claim = claim(i);
            await().until(() -> batches() == i);
            return claim;
        }).toList();
        REDIS.resume();
        claims.forEach(CompletableFuture::join);

        // when
        REDIS.kill();
        await().until(() -> claim(1).join().equals(new Unavailable()));
        REDIS.startAgain();
        await().until(() -> claim(1).join().equals(new Cold()));

        // then
        IntStream.range(0, 20).forEach(i -> assertThat(claim(i).join()).isEqualTo(new Cold()));
    }

    @Test
    void shouldOpenTheBreakerWhileRedisRefusesWrites() {
        // when
        REDIS.client().configSet("maxmemory", "1");

        // then
        try {
            await().until(() -> claim(1).join().equals(new Unavailable()) && isOpen());
        } finally {
            REDIS.client().configSet("maxmemory", "0");
        }
        await().until(() -> claim(1).join().equals(new Admitted()) && !isOpen());
    }

    /** This Redis accepts one connection of the gate and refuses further ones. */
    @Test
    void shouldAdmitAgainWithFewerConnectionsThanConfigured() {
        // given
        REDIS.client().configSet("maxmemory", "1");
        replace(RedisSettings.from(REDIS.environment()).with(4, Duration.ofSeconds(30)));
        // Once a second the client opens its connections again; the next claim that fails drops them.
        await().until(
                () -> claim(1).join().equals(new Unavailable()) && isOpen() && connections().isEmpty());
        String limit = REDIS.client().configGet("maxclients").get("maxclients");
        REDIS.client().configSet("maxclients", String.valueOf(clients().size() + 1));

        // when
        REDIS.client().configSet("maxmemory", "0");

        // then
        try {
            await().until(() -> claim(1).join().equals(new Admitted()) && !isOpen());
        } finally {
            REDIS.client().configSet("maxclients", limit);
        }
    }

    /** A replica of a server that does not exist: what a primary is after a fail-over to another server. */
    @Test
    void shouldReconnectWhenRedisHasBecomeAReplica() {
        // given
        Campaign soldOut = Campaign.openForLong();
        new GateData(REDIS.client(), soldOut.couponId()).facts("this-log", soldOut.state(1, 1, 1)).holder("u1", 1,
                at(5), "r1");
        assertThat(claim(1).join()).isEqualTo(new Admitted());
        Set<String> before = connections();
        replicaOf("127.0.0.1", "1");

        // when
        CompletableFuture<AdmissionOutcome> rejected;
        CompletableFuture<AdmissionOutcome> needsWrite;
        try {
            REDIS.pause();
            try {
                claim(soldOut.state(1, 1, 1), 2);
                await().until(() -> batches() == 2);
                rejected = claim(soldOut.state(1, 1, 1), 3);
                needsWrite = claim(4);
            } finally {
                REDIS.resume();
            }

            // then
            assertThat(rejected.join()).isEqualTo(Rejected.soldOut(false));
            assertThat(needsWrite.join()).isEqualTo(new Unavailable());
            assertThat(isOpen()).isFalse();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> connections().stream().noneMatch(before::contains));
        } finally {
            replicaOf("NO", "ONE");
        }
        assertThat(claim(4).join()).isEqualTo(new Admitted());
    }

    private static void replicaOf(String host, String port) {
        REDIS.client().executeCommand(new CommandArguments(Command.REPLICAOF).add(host).add(port));
    }

    /** This Redis closes connections that are idle for four seconds. */
    @Test
    void shouldKeepItsConnectionsOpenWhileIdle() {
        // given
        REDIS.client().configSet("timeout", "4");
        try {
            replace(RedisSettings.from(REDIS.environment()).with(4, Duration.ofSeconds(30)));
            gate.startRehearsal();
            await().until(() -> gate.isRehearsed());
            Set<String> opened = connections();
            assertThat(opened).hasSize(4);
            await().during(Duration.ofSeconds(7)).until(() -> connections().equals(opened));

            // when
            List<CompletableFuture<AdmissionOutcome>> claims = IntStream.range(0, 500).mapToObj(this::claim).toList();

            // then
            assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());
            assertThat(isOpen()).isFalse();
        } finally {
            REDIS.client().configSet("timeout", "0");
        }
    }

    @Test
    void shouldConnectAndLoadTheScriptBeforeItIsRehearsed() {
        // given
        REDIS.client().scriptFlush();
        replace(RedisSettings.from(REDIS.environment()).with(2, Duration.ofSeconds(30)));
        assertThat(gate.isRehearsed()).isFalse();

        // when
        gate.startRehearsal();

        // then
        await().until(() -> gate.isRehearsed());
        assertThat(connections()).hasSize(2);
        assertThat(REDIS.client().scriptExists(List.of(LuaScript.beside(AdmissionBatch.class, "admit.lua").sha1())))
                .containsExactly(true);
        assertThat(REDIS.client().keys("fc:{rehearsal*")).isEmpty();
        assertThat(batches()).isZero();
    }

    @Test
    void shouldBeRehearsedWithoutRedis() {
        // given
        REDIS.kill();
        replace(RedisSettings.from(REDIS.environment()));

        // when
        gate.startRehearsal();

        // then
        await().until(() -> gate.isRehearsed());
        assertThat(gate.problem()).isEmpty();
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldReconnectBeforeTheNextClaim() {
        // given
        replace(RedisSettings.from(REDIS.environment()).with(2, Duration.ofSeconds(30)));
        gate.startRehearsal();
        await().until(() -> gate.isRehearsed());

        // when
        REDIS.kill();
        REDIS.startAgain();

        // then
        await().until(() -> connections().size() == 2);
    }

    /** The ids of the gate's connections. */
    private static Set<String> connections() {
        return clients().stream()
                .filter(line -> line.contains(" name=firstcome-ingress "))
                .map(line -> line.substring(0, line.indexOf(' '))).collect(Collectors.toSet());
    }

    private static List<String> clients() {
        byte[] clients = (byte[]) REDIS.client().executeCommand(new CommandArguments(Command.CLIENT).add("LIST"));
        return new String(clients, StandardCharsets.UTF_8).lines().toList();
    }

    /** Sends one claim to a Redis that hangs, then {@value #CLAIMS} claims that wait for the end of that round trip. */
    private List<CompletableFuture<AdmissionOutcome>> queueClaimsBehindAHangingOne() {
        CompletableFuture<AdmissionOutcome> first = claim(1_000_000);
        await().until(() -> batches() == 1);
        List<CompletableFuture<AdmissionOutcome>> claims = claimAll(0);
        assertThat(first).isNotDone();
        return claims;
    }

    private List<CompletableFuture<AdmissionOutcome>> claimAll(int from) {
        return IntStream.range(from, from + CLAIMS).mapToObj(this::claim).collect(Collectors.toList());
    }

    private CompletableFuture<AdmissionOutcome> claim(int number) {
        return claim(coupon, number);
    }

    private CompletableFuture<AdmissionOutcome> claim(CouponState known, int number) {
        return gate.admit(new AdmissionRequest(known, userId("u" + number), requestId("r" + number)))
                .toCompletableFuture();
    }

    private void replace(RedisSettings settings) {
        gate.close();
        meters = new SimpleMeterRegistry();
        gate = gate(settings);
    }

    private RedisAdmissionGate gate(RedisSettings settings) {
        return new RedisAdmissionGate(settings, GateSettings.from(Map.of()), "this-log", () -> at(10), meters);
    }

    private double batches() {
        return meters.get(Meters.GATE_BATCH.name()).summary().count();
    }

    private boolean isOpen() {
        return meters.get("firstcome.gate.breaker.open").gauge().value() == 1;
    }
}
