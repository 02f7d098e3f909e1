package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisCluster;
import io.firstcome.testing.RedisCluster.Node;
import io.firstcome.testing.RedisServer;
import io.firstcome.testing.ReplicatedRedis;

/** Redis fails over while coupons are claimed: every answer stays true, and the gate answers again within seconds. */
class RedisFailOverTest {

    /** The servers need about two seconds, on an idle machine. */
    private static final Duration GATE_ANSWERS_AGAIN = Duration.ofSeconds(20);
    private static final int CALLERS = 4;
    private static final int PLENTY = 100_000;
    private static final String[] WAIT = {"Prefer", "wait=30"};

    /** Starts Kafka; each test starts its ingress behind other servers. */
    @RegisterExtension
    static final IngressExtension SERVERS = IngressExtension.startedBy(() -> TestIngress.with(Map.of()));

    private final Queue<Reply> answersWithStock = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> answersAfterSellOut = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> answersToHolder = new ConcurrentLinkedQueue<>();
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicBoolean goesOn = new AtomicBoolean(true);

    /** The coupons of a test. */
    private record Coupons(String open, String soldOut, String restocked) {

        static Coupons of(Stream<String> ids) {
            List<String> three = ids.limit(3).toList();
            return new Coupons(three.get(0), three.get(1), three.get(2));
        }
    }

    /** The sentinel promotes a replica that does not know the restock yet. */
    @Test
    void shouldAnswerTrulyWhileASentinelPromotesAReplicaWithOldData() {
        try (var redis = ReplicatedRedis.start(); var ingress = behind(redis.environment())) {
            // given
            var coupons = Coupons.of(Stream.generate(() -> Campaign.openForLong().id()));
            define(ingress, coupons);
            redis.cutReplica();
            ingress.define(coupons.restocked, PLENTY);

            // when, then
            assertAnswersDuring(ingress, coupons, redis::failOver, () -> redis.holders(coupons.soldOut) >= 0);
        }
    }

    @Test
    void shouldAnswerTrulyWhileAReplicaOfTheClusterTakesOver() {
        try (var redis = RedisCluster.startWithReplicas(); var ingress = behind(redis.environment())) {
            // given
            Node primary = redis.nodes().getFirst();
            var coupons = Coupons.of(Stream.generate(() -> Campaign.openForLong().id())
                    .filter(id -> redis.nodeOf("fc:{" + id + "}:facts") == primary));
            define(ingress, coupons);
            ingress.define(coupons.restocked, PLENTY);

            // when, then
            assertAnswersDuring(ingress, coupons, primary::kill, redis.replicaOf(primary)::isPrimary);
        }
    }

    /** Without memory of requests and holders, so that the gate or the log answers. */
    private static TestIngress behind(Map<String, String> redis) {
        Map<String, String> forgetful = Map.of("FIRSTCOME_REQUESTS_MAX", "1", "FIRSTCOME_HOLDERS_MAX", "0",
                "FIRSTCOME_REDIS_URL", redis.get("FIRSTCOME_REDIS_URL"), "FIRSTCOME_GATE_GROUP",
                redis.get("FIRSTCOME_GATE_GROUP"));
        return TestIngress.withDefaultTimeouts(RedisServer.shared(), forgetful);
    }

    private static void define(TestIngress ingress, Coupons coupons) {
        ingress.define(coupons.open, PLENTY);
        for (String small : List.of(coupons.soldOut, coupons.restocked)) {
            ingress.define(small, 1);
            assertThat(ingress.claim(small, "holder", WAIT).status()).isEqualTo(201);
            double before = gateReplies(ingress, "SOLD_OUT");
            await().until(() -> ingress.claim(small, "late", WAIT).problem().equals("409 sold-out")
                    && gateReplies(ingress, "SOLD_OUT") > before);
        }
    }

    private void assertAnswersDuring(TestIngress ingress, Coupons coupons, Runnable failOver,
            BooleanSupplier isFailedOver) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> calls = IntStream.range(0, CALLERS)
                    .mapToObj(_ -> CompletableFuture.runAsync(() -> claim(ingress, coupons), callers)).toList();
            try {
                await().until(() -> answersToHolder.size() > 2 * CALLERS);

                // when
                failOver.run();

                // then
                await().atMost(GATE_ANSWERS_AGAIN).until(isFailedOver::getAsBoolean);
                double admitted = gateReplies(ingress, "ADMITTED");
                double soldOut = gateReplies(ingress, "SOLD_OUT");
                await().atMost(GATE_ANSWERS_AGAIN).until(() -> gateReplies(ingress, "ADMITTED") > admitted
                        && gateReplies(ingress, "SOLD_OUT") > soldOut);
            } finally {
                goesOn.set(false);
            }
            calls.forEach(CompletableFuture::join);
        }
        assertThat(answersWithStock).allSatisfy(it -> assertIn(it, List.of("202 ", "201 ")));
        assertThat(answersAfterSellOut).allSatisfy(it -> assertIn(it, List.of("202 ", "409 sold-out")));
        assertThat(answersToHolder).allSatisfy(it -> assertIn(it, List.of("202 ", "409 already-issued")));
    }

    private void claim(TestIngress ingress, Coupons coupons) {
        while (goesOn.get()) {
            String user = "user-" + users.incrementAndGet();
            answersWithStock.add(ingress.claim(coupons.open, user));
            answersWithStock.add(ingress.claim(coupons.open, user + "-waits", WAIT));
            answersWithStock.add(ingress.claim(coupons.restocked, user, WAIT));
            answersAfterSellOut.add(ingress.claim(coupons.soldOut, user, WAIT));
            answersToHolder.add(ingress.claim(coupons.soldOut, "holder", WAIT));
        }
    }

    private static void assertIn(Reply answer, List<String> allowed) {
        if (answer.status() == 503) {
            assertThat(answer.header("Retry-After")).isNotEmpty();
        } else {
            assertThat(answer.problem()).isIn(allowed);
        }
    }

    private static double gateReplies(TestIngress ingress, String reply) {
        return ingress.metric("firstcome_gate_replies_total{reply=\"" + reply + "\"");
    }
}
