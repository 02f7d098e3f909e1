package io.firstcome.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.readmodel.coupons.HolderSettings;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.readmodel.requests.RequestStatus;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(KafkaServer.class)
class ReadModelTest {

    private static final int BATCH = 20;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldBeCurrentPerTopic() {
        // given
        var kafka = EmbeddedKafka.start(KafkaServer.directory("without-states"), 0);
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), 1);
        TopicProvisioner.ensure(settings, List.of(Topics.COMMANDS, Topics.OUTCOMES));
        try (kafka;
                var clients = new KafkaClients(settings, "ingress", "test", meters);
                var readModel = new ReadModel(clients, RequestSettings.from(Map.of()),
                        HolderSettings.from(Map.of()), EventSettings.from(Map.of()),
                        meters)) {
            var health = new Health();
            readModel.addTo(health);

            await().until(() -> health.problemsOfReadiness().keySet(), Set.of("coupons")::equals);
            assertThat(readModel.readProblem()).as("a topic does not exist").isPresent();
            assertThat(readModel.areCouponsCurrent()).isFalse();

            // when
            TopicProvisioner.ensure(settings, Topics.all());

            // then
            await().until(() -> readModel.readProblem().isEmpty());
            assertThat(readModel.areCouponsCurrent()).isTrue();
        }
    }

    @Test
    void shouldReadNoFurtherBackThanItRemembers() {
        // given
        var kafka = EmbeddedKafka.start(KafkaServer.directory("many-claims"), 0);
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), KafkaServer.PARTITIONS);
        TopicProvisioner.ensure(settings, Topics.all());
        try (kafka; var clients = new KafkaClients(settings, "ingress", "test", meters)) {
            Campaign campaign = decideClaims(settings, 3000);

            // when
            try (var readModel = new ReadModel(clients,
                    RequestSettings.from(Map.of("FIRSTCOME_REQUESTS_MAX", "300")), HolderSettings.from(Map.of()),
                    EventSettings.from(Map.of("FIRSTCOME_EVENTS_TOTAL_MAX", "100")), meters)) {
                await().until(() -> readModel.readProblem().isEmpty());

                // then
                assertThat(recordsRead()).isBetween(600.0, 1500.0);
                List<RequestStatus> remembered = IntStream.rangeClosed(1, 3000).mapToObj(i -> readModel.requests()
                        .find(campaign.couponId(), new RequestId("r" + i), new UserId("u" + i)))
                        .flatMap(Optional::stream).toList();
                assertThat(remembered).hasSize(300).allMatch(Decided.class::isInstance)
                        .extracting(it -> it.subject().requestId().value()).contains("r2701", "r3000");
            }
        }
    }

    @Test
    void shouldKnowThatOlderClaimsMayBeUndecided() throws Exception {
        // given
        var kafka = EmbeddedKafka.start(KafkaServer.directory("undecided-claims"), 0);
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), KafkaServer.PARTITIONS);
        TopicProvisioner.ensure(settings, Topics.all());
        Campaign campaign = Campaign.openForLong();
        CouponIssued older = campaign.issued("r1", "u1", 1);
        CouponIssued last = campaign.issued("r2", "u2", 2);
        try (kafka;
                var clients = new KafkaClients(settings, "ingress", "test", meters);
                var producer = new KafkaProducer<>(settings.client(), new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            long olderAt = claim(producer, older).get().timestamp();
            await().until(() -> System.currentTimeMillis() > olderAt);
            long lastAt = claim(producer, last).get().timestamp();

            // when
            try (var readModel = new ReadModel(clients, new RequestSettings(Duration.ofMillis(1), 100),
                    HolderSettings.from(Map.of()), EventSettings.from(Map.of()), meters)) {
                await().until(() -> readModel.readProblem().isEmpty());

                // then
                assertThat(isKnown(readModel, older)).isFalse();
                assertThat(isKnown(readModel, last)).as("the last one of a partition is read").isTrue();
                assertThat(readModel.mayHaveUnknownClaim(campaign.couponId())).isTrue();
                assertThat(readModel.mayHaveUnknownClaim(couponOfAnotherPartition(clients, campaign))).isFalse();
                decide(producer, older, olderAt).get();
                awaitRead(readModel, campaign);
                assertThat(readModel.mayHaveUnknownClaim(campaign.couponId())).as("up to the first that is read")
                        .isTrue();
                decide(producer, last, lastAt).get();
                awaitRead(readModel, campaign);
                assertThat(readModel.mayHaveUnknownClaim(campaign.couponId())).isFalse();
            }
        }
    }

    private static boolean isKnown(ReadModel readModel, CouponIssued issued) {
        return readModel.requests().find(issued.couponId(), issued.requestId(), issued.userId()).isPresent();
    }

    private static void awaitRead(ReadModel readModel, Campaign campaign) throws InterruptedException {
        assertThat(readModel.claimCatchUp().awaitReadSince(campaign.couponId(), System.nanoTime(),
                Duration.ofSeconds(30))).isTrue();
    }

    private static CouponId couponOfAnotherPartition(KafkaClients clients, Campaign campaign) {
        return Stream.generate(Campaign::openForLong).map(Campaign::couponId)
                .filter(it -> clients.partitionOf(it) != clients.partitionOf(campaign.couponId())).findFirst()
                .orElseThrow();
    }

    /** Writes claims, each with an outcome of the same time, as the authority does: first all claims of a batch. */
    private static Campaign decideClaims(KafkaSettings settings, int claims) {
        Campaign campaign = Campaign.openForLong();
        try (var producer = new KafkaProducer<>(settings.client(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int first = 1; first <= claims; first += BATCH) {
                List<CouponIssued> issues = IntStream.range(first, first + BATCH)
                        .mapToObj(i -> campaign.issued("r" + i, "u" + i, i)).toList();
                List<Future<RecordMetadata>> appended = issues.stream().map(issued -> claim(producer, issued)).toList();
                List<Future<RecordMetadata>> decided = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    decided.add(decide(producer, issues.get(i), appended.get(i).get().timestamp()));
                }
                for (Future<RecordMetadata> decision : decided) {
                    decision.get();
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        return campaign;
    }

    private static Future<RecordMetadata> claim(KafkaProducer<byte[], byte[]> producer, CouponIssued issued) {
        return producer.send(Topics.COMMANDS
                .record(new IssueCoupon(issued.requestId(), issued.couponId(), issued.userId())));
    }

    private static Future<RecordMetadata> decide(KafkaProducer<byte[], byte[]> producer, CouponIssued issued,
            long appendedAt) {
        ProducerRecord<byte[], byte[]> outcome = Topics.OUTCOMES.record(new CouponIssued(issued.requestId(),
                issued.couponId(), issued.userId(), issued.sequence(), Instant.ofEpochMilli(appendedAt)));
        return producer.send(
                new ProducerRecord<>(outcome.topic(), null, appendedAt, outcome.key(), outcome.value()));
    }

    private double recordsRead() {
        return meters.find("kafka.consumer.fetch.manager.records.consumed.total").functionCounters().stream()
                .mapToDouble(FunctionCounter::count).sum();
    }
}
