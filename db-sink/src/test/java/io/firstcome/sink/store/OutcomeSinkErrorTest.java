package io.firstcome.sink.store;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.consumer.PollResult;
import io.firstcome.kit.consumer.PolledRecords;
import io.firstcome.kit.consumer.PositionInLog;
import io.firstcome.kit.consumer.PositionedStore;
import io.firstcome.kit.consumer.StartPosition;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.sink.fixture.OutcomesTopic;

class OutcomeSinkErrorTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    void shouldEndAndNotBeLiveAfterAnErrorInItsLoop() throws Exception {
        // given
        var health = new Health();
        try (var topic = OutcomesTopic.create(1);
                var metrics = new Metrics("db-sink");
                var clients = new KafkaClients(topic.kafka(), "sink", "error-test", metrics.registry());
                var http = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), health, metrics,
                        _ -> {});
                var _ = OutcomeSink.start(clients, "error-test", 10, new BrokenStore(),
                        new SinkMetrics(metrics.registry()), health, metrics.registry())) {
            // Ready may mean "no partition yet", when the group was formed before the new topic was visible to it.
            await().atMost(TIMEOUT).until(() -> get(http, "/readyz").statusCode() == 200);

            // when
            topic.append(issued("request-1", "user-1", 1, at(1)));

            // then
            await().atMost(TIMEOUT).until(() -> get(http, "/livez").statusCode() == 503);
            assertThat(get(http, "/livez").body()).contains("loop", "java.lang.OutOfMemoryError: simulated");
        }
    }

    private static HttpResponse<String> get(HttpServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path)).build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static final class BrokenStore implements PositionedStore {

        @Override
        public Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
            return Map.of();
        }

        @Override
        public Map<TopicPartition, StartPosition> startPositions(Map<TopicPartition, PositionInLog> positions) {
            Map<TopicPartition, StartPosition> starts = new HashMap<>();
            positions.forEach((partition, log) -> starts.put(partition, new StartPosition.At(log.beginning())));
            return starts;
        }

        @Override
        public PollResult store(PolledRecords poll) {
            if (!poll.partitions().isEmpty()) {
                throw new OutOfMemoryError("simulated");
            }
            return PollResult.stored();
        }
    }
}
