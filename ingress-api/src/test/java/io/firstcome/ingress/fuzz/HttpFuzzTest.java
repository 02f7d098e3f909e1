package io.firstcome.ingress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

import io.firstcome.contract.topic.Topics;
import io.firstcome.ingress.testing.ApiJudge;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.http.Requests;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.CapturedLog;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testkit.http.RawAnswer;
import io.firstcome.testkit.http.RawConnection;
import io.javalin.config.RoutesConfig;

/**
 * Sends requests with one fault each. The ingress refuses each with a problem document and writes none to the log.
 * {@code -Dfirstcome.seed=…} repeats a run; {@code -Dfirstcome.fuzz.cases=…} sets the number of requests.
 */
@Isolated
class HttpFuzzTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private static final int CASES = Integer.getInteger("firstcome.fuzz.cases", 3_000);

    /** Log lines of FirstCome's own code at WARN or ERROR. */
    private static final Pattern OURS = Pattern.compile(" (WARN|ERROR) io\\.firstcome\\.");
    /** Threads that read the log, which also contains the records of other tests. */
    private static final Pattern READERS = Pattern.compile("\\[(gate-projector|\\S+-tail)]");

    private final String coupon = Campaign.openForLong().id();
    private final long seed = Long.getLong("firstcome.seed", System.nanoTime());
    private final Map<String, RawConnection> connections = new HashMap<>();

    @Test
    void shouldRefuseEveryAlmostValidRequest() throws IOException {
        System.out.println("firstcome.seed=" + seed);
        TestServer services = TestServer.with(HttpFuzzTest::answerAnything);
        TestIngress ingress = TestIngress.with(
                Map.of("FIRSTCOME_ADMIN_FAILURES_PER_MINUTE", "1000000", "FIRSTCOME_TRUSTED_PROXIES", "127.0.0.0/8",
                        "FIRSTCOME_PROCESSOR_URL", "http://127.0.0.1:" + services.port()));
        try (services; ingress) {
            // given
            ingress.define(coupon, 1000);
            List<Draft> valid = valid();
            for (Draft draft : valid) {
                assertThat(answer(ingress, draft).status()).as("%s %s", draft.method(), draft.target()).isLessThan(500)
                        .isNotIn(400, 401, 405, 415);
            }
            Map<TopicPartition, Long> before = endOfCommands();
            valid = withEvents(valid);

            // when
            String log;
            try (var captured = new CapturedLog()) {
                for (int i = 0; i < CASES; i++) {
                    assertRefused(ingress, i, broken(valid, new Random(seed + i)));
                }
                log = captured.text();
            }

            // then
            assertThat(log.lines().filter(OURS.asPredicate().and(READERS.asPredicate().negate())))
                    .as("seed %d: invalid requests must not write warnings", seed)
                    .isEmpty();
            assertThat(endOfCommands()).as("seed %d", seed).isEqualTo(before);
            assertThat(ingress.get("/readyz").status()).isEqualTo(200);
            assertThat(ingress.claim(coupon, "after-the-fuzz", "Prefer", "wait=30").status()).isEqualTo(201);
        } finally {
            for (RawConnection connection : connections.values()) {
                connection.close();
            }
        }
    }

    private List<Draft> valid() {
        String path = "/v1/coupons/" + coupon;
        String[] caller = {"Host: localhost", "Content-Type: application/json", "Idempotency-Key: " + coupon + "-key"};
        String[] operator = {"Host: localhost", "Content-Type: application/json",
            "Authorization: Bearer " + TestIngress.TOKEN};
        String definition = """
                {"name":"Tea","stock":900,"opensAt":"2026-01-01T00:00:00Z","closesAt":"2096-01-01T00:00:00Z"}""";
        return List.of(Draft.of(false, "POST", path + "/issues", "{\"userId\":\"fuzzed\"}", caller),
                Draft.of(false, "GET", path, "", caller),
                Draft.of(false, "GET", path + "/requests/" + coupon + "-key", "", caller),
                Draft.of(false, "GET", path + "/stock", "", caller),
                Draft.of(false, "GET", path + "/issues/fuzzed", "", caller),
                Draft.of(true, "PUT", path, definition, operator),
                Draft.of(true, "POST", path + "/pause", "", operator),
                Draft.of(true, "POST", path + "/resume", "", operator));
    }

    /** Adds the event stream, whose valid answer never ends. */
    private List<Draft> withEvents(List<Draft> valid) {
        return Stream.concat(valid.stream(), Stream.of(Draft.of(false, "GET", "/v1/coupons/" + coupon + "/events", "",
                valid.getFirst().headers().toArray(String[]::new)))).toList();
    }

    private static void answerAnything(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/holders", context -> Requests.answer(context, 200,
                Map.of("couponId", context.pathParam("couponId"), "holders", List.of())));
        routes.get("/v1/<anything>", context -> Requests.answer(context, 200, Map.of()));
    }

    private static BrokenRequest broken(List<Draft> valid, Random random) {
        Draft draft = valid.get(random.nextInt(valid.size()));
        BrokenRequest broken = draft.hasJson() && random.nextInt(3) > 0
                ? BrokenBodies.next(draft, random)
                : BrokenHeads.next(draft, random);
        return random.nextInt(3) == 0 ? BrokenHeads.decorated(broken, random) : broken;
    }

    private void assertRefused(TestIngress ingress, int index, BrokenRequest broken) {
        RawAnswer answer;
        try {
            answer = answer(ingress, broken.draft());
        } catch (IOException e) {
            throw new AssertionError("firstcome.seed=" + seed + " case " + index + " got no answer: " + broken, e);
        }
        assertThat(answer.status()).as("firstcome.seed=%d case %d %s%ngot %s", seed, index, broken, answer)
                .isIn(broken.statuses());
        ApiJudge.judge(broken.draft().method(), broken.draft().target(), answer);
        assertThat(answer.header("Content-Type")).as("%s", answer).contains("application/problem+json");
        assertThat(answer.json().path("requestId").asText()).as("%s", answer)
                .isEqualTo(answer.header("Request-Id").orElseThrow());
    }

    private RawAnswer answer(TestIngress ingress, Draft draft) throws IOException {
        String url = draft.operators() ? ingress.service().adminUrl() : ingress.service().url();
        RawConnection connection = connections.containsKey(url) ? connections.remove(url) : RawConnection.to(url);
        connection.send(draft.bytes());
        RawAnswer answer = connection.receive();
        if (answer.keepsConnection()) {
            connections.put(url, connection);
        } else {
            connection.close();
        }
        return answer;
    }

    private static Map<TopicPartition, Long> endOfCommands() {
        try (var consumer = new KafkaConsumer<>(KafkaServer.kafkaSettings().client(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.endOffsets(IntStream.range(0, KafkaServer.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.COMMANDS.name(), partition)).toList());
        }
    }
}
