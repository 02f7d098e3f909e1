package io.firstcome.ingress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.Topics;
import io.firstcome.ingress.testing.ApiJudge;
import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.Servers;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testkit.http.RawAnswer;
import io.firstcome.testkit.http.RawConnection;

/**
 * Requests that are valid but for one thing: each is refused with a problem document, and none comes through to the log.
 * {@code -Dfirstcome.seed=…} brings a run back, {@code -Dfirstcome.fuzz.cases=…} makes it longer.
 */
@ExtendWith(Servers.class)
class HttpFuzzTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final int CASES = Integer.getInteger("firstcome.fuzz.cases", 3_000);

    private final String coupon = Campaign.openForLong().id();
    private final long seed = Long.getLong("firstcome.seed", System.nanoTime());
    private final Map<String, RawConnection> connections = new HashMap<>();

    @Test
    void shouldRefuseWhateverIsNotQuiteRight() throws IOException {
        System.out.println("firstcome.seed=" + seed);
        TestIngress ingress = TestIngress.on(REDIS, Map.of("FIRSTCOME_ADMIN_FAILURES", "1000000"));
        try (ingress) {
            // given
            ingress.define(coupon, 1000);
            List<Draft> fine = fine();
            for (Draft draft : fine) {
                assertThat(answer(ingress, draft).status()).as("%s %s", draft.method(), draft.target()).isLessThan(500)
                        .isNotIn(400, 401, 405, 415);
            }
            Map<TopicPartition, Long> before = endOfCommands();

            // when
            for (int i = 0; i < CASES; i++) {
                assertRefused(ingress, i, broken(fine, new Random(seed + i)));
            }

            // then
            assertThat(endOfCommands()).as("seed %d", seed).isEqualTo(before);
            assertThat(ingress.get("/readyz").status()).isEqualTo(200);
            assertThat(ingress.claim(coupon, "afterwards", "Prefer", "wait=30").status()).isEqualTo(201);
        } finally {
            for (RawConnection connection : connections.values()) {
                connection.close();
            }
        }
    }

    private List<Draft> fine() {
        String path = "/v1/coupons/" + coupon;
        String[] caller = {"Host: localhost", "Content-Type: application/json", "Idempotency-Key: " + coupon + "-key"};
        String[] operator = {"Host: localhost", "Content-Type: application/json",
            "Authorization: Bearer " + TestIngress.TOKEN};
        String definition = """
                {"name":"Tea","stock":900,"opensAt":"2026-01-01T00:00:00Z","closesAt":"2096-01-01T00:00:00Z"}""";
        return List.of(Draft.of(false, "POST", path + "/issues", "{\"userId\":\"somebody\"}", caller),
                Draft.of(false, "GET", path, "", caller),
                Draft.of(false, "GET", path + "/requests/" + coupon + "-key", "", caller),
                Draft.of(true, "PUT", path, definition, operator),
                Draft.of(true, "POST", path + "/pause", "", operator),
                Draft.of(true, "POST", path + "/resume", "", operator));
    }

    private static BrokenRequest broken(List<Draft> fine, Random random) {
        Draft draft = fine.get(random.nextInt(fine.size()));
        return draft.hasJson() && random.nextInt(3) > 0
                ? BrokenBodies.next(draft, random)
                : BrokenHeads.next(draft, random);
    }

    private void assertRefused(TestIngress ingress, int index, BrokenRequest broken) {
        RawAnswer answer;
        try {
            answer = answer(ingress, broken.draft());
        } catch (IOException e) {
            throw new AssertionError("firstcome.seed=" + seed + " case " + index + " was not answered: " + broken, e);
        }
        assertThat(answer.status()).as("firstcome.seed=%d case %d %s%nis answered %s", seed, index, broken, answer)
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
        try (var consumer = new KafkaConsumer<>(Servers.kafkaSettings().client(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.endOffsets(IntStream.range(0, Servers.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.COMMANDS.name(), partition)).toList());
        }
    }
}
