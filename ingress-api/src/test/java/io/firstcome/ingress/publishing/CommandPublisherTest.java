package io.firstcome.ingress.publishing;

import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.readmodel.requests.OwnAppends;
import io.firstcome.readmodel.tail.TopicTail;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.CapturedLog;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testkit.log.LogReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;

@ExtendWith(KafkaServer.class)
class CommandPublisherTest {

    private final OwnAppends ownAppends = new OwnAppends(KafkaServer.PARTITIONS);
    private final CouponCommand command = issue("r1", "u1", Campaign.openForLong().couponId());

    @Test
    void shouldReturnTheOffsetAndTimeOfARecord() {
        try (var clients = clients(KafkaServer.kafkaSettings()); var publisher = publisher(clients)) {
            // given
            await().until(publisher::isConnected);

            // when
            Publication first = publish(publisher);
            Publication second = publish(publisher);

            // then
            assertThat(first).isInstanceOfSatisfying(Appended.class,
                    it -> assertThat(it.at()).isCloseTo(Instant.now(), within(10, ChronoUnit.MINUTES)));
            assertThat(((Appended) second).offset()).isEqualTo(((Appended) first).offset() + 1);
        }
    }

    @Test
    void shouldPassThePlaceOfAnAcknowledgedRecordOn() {
        try (var clients = clients(KafkaServer.kafkaSettings()); var publisher = publisher(clients)) {
            // given
            await().until(publisher::isConnected);

            // when
            Appended appended = (Appended) publish(publisher);

            // then
            int partition = clients.partitionOf(command.couponId());
            assertThat(ownAppends.removeTo(partition, appended.offset())).isTrue();
        }
    }

    /** Partitions must not be added. When they are, a coupon stays where its state is. */
    @Test
    void shouldKeepThePartitionOfACouponWhenPartitionsAreAdded() throws Exception {
        var kafka = EmbeddedKafka.start(KafkaServer.directory("more-partitions"), 0);
        var settings = new KafkaSettings(kafka.bootstrapServers(), 2);
        TopicProvisioner.ensure(settings, Topics.all());
        try (kafka; var clients = clients(settings)) {
            // given
            clients.admin().createPartitions(Map.of(Topics.COMMANDS.name(), NewPartitions.increaseTo(8))).all().get();

            // when
            try (var publisher = publisher(clients)) {
                await().until(publisher::isConnected);
                for (int i = 0; i < 20; i++) {
                    publisher.publish(issue("r1", "u1", new CouponId("c" + i))).toCompletableFuture().join();
                }
            }

            // then
            assertThat(new LogReader(kafka.bootstrapServers()).read(Duration.ofSeconds(30)).commands()).hasSize(20)
                    .allMatch(command -> command.partition() < 2);
        }
    }

    @Test
    void shouldReturnNotSentBeforeTheFirstConnection() {
        // given
        var unreachable = new KafkaSettings("127.0.0.1:" + FreePort.pick(), 1);

        try (var clients = clients(unreachable); var publisher = publisher(clients)) {
            // when
            Publication publication = publish(publisher);

            // then
            assertThat(publication).isInstanceOf(NotSent.class);
            assertThat(publisher.isConnected()).isFalse();
        }
    }

    @Test
    void shouldReturnNotSentAfterTheClose() {
        // given
        CommandPublisher publisher;
        try (var clients = clients(KafkaServer.kafkaSettings()); var closed = publisher(clients)) {
            publisher = closed;
        }

        // when
        Publication publication = publish(publisher);

        // then
        assertThat(publication).isInstanceOf(NotSent.class);
    }

    @Test
    void shouldReportAnErrorThatEndsTheConnector() {
        // given
        var producer = new MockProducer<byte[], byte[]>() {
            @Override
            public List<PartitionInfo> partitionsFor(String topic) {
                throw new NoClassDefFoundError("thrown by the test");
            }
        };

        // when
        try (var publisher = new CommandPublisher(1, producer, _ -> 0, () -> true, ownAppends,
                InstantSource.system(), Tracing.OFF, new SimpleMeterRegistry())) {
            await().until(() -> publisher.problem().isPresent());

            // then
            assertThat(publisher.problem().orElseThrow()).contains("NoClassDefFoundError");
            assertThat(publisher.isConnected()).isFalse();
        }
    }

    @Test
    void shouldConnectAfterAFailure() {
        // given
        var failures = new AtomicInteger(2);
        var producer = new MockProducer<byte[], byte[]>() {
            @Override
            public List<PartitionInfo> partitionsFor(String topic) {
                if (failures.getAndDecrement() > 0) {
                    throw new KafkaException("thrown by the test");
                }
                return List.of(new PartitionInfo(topic, 0, null, null, null));
            }
        };

        // when
        try (var publisher = new CommandPublisher(1, producer, _ -> 0, () -> true, ownAppends,
                InstantSource.system(), Tracing.OFF, new SimpleMeterRegistry())) {
            // then
            await().until(publisher::isConnected);
            assertThat(publisher.problem()).isEmpty();
        }
    }

    @Test
    void shouldLogTheRequestWhoseAppendFailed() {
        // given
        var producer = new MockProducer<byte[], byte[]>();
        producer.sendException = new KafkaException("thrown by the test");

        try (var log = new CapturedLog();
                var publisher = new CommandPublisher(1, producer, _ -> 0, () -> true, ownAppends,
                        InstantSource.system(), Tracing.OFF,
                        new SimpleMeterRegistry())) {
            // when
            publish(publisher);

            // then
            assertThat(log.text()).contains("the log does not have the command", "thrown by the test",
                    " requestId=r1 couponId=" + command.couponId());
        }
    }

    @Test
    void shouldWarnOfTheFirstFailureOfAnOutageOnly() {
        // given
        var producer = new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

        try (var log = new CapturedLog();
                var publisher = new CommandPublisher(1, producer, _ -> 0, () -> true, ownAppends,
                        InstantSource.system(), Tracing.OFF,
                        new SimpleMeterRegistry())) {
            // when
            for (int i = 0; i < 3; i++) {
                publisher.publish(command);
                producer.errorNext(new KafkaException("first outage"));
            }
            publisher.publish(command);
            producer.completeNext();
            publisher.publish(command);
            producer.errorNext(new KafkaException("second outage"));

            // then
            assertThat(log.text()).containsOnlyOnce("first outage").containsOnlyOnce("second outage");
        }
    }

    @Test
    void shouldReturnAResultWhenItsMetersCannotBeWritten() {
        // given
        var producer = new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        var withoutPartitions = new OwnAppends(0);

        try (var publisher = new CommandPublisher(1, producer, _ -> 0, () -> true, withoutPartitions,
                InstantSource.system(), Tracing.OFF,
                new SimpleMeterRegistry())) {
            var result = publisher.publish(command).toCompletableFuture();

            // when
            assertThatThrownBy(producer::completeNext).isInstanceOf(IndexOutOfBoundsException.class);

            // then
            assertThat(result).isCompletedWithValueMatching(Appended.class::isInstance);
        }
    }

    @Test
    void shouldAddOnlyItsVersionToARecordWhenTracingIsOff() {
        // given
        var producer = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        Span sampled = Span.wrap(SpanContext.create("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7",
                TraceFlags.getSampled(), TraceState.getDefault()));

        try (var publisher = new CommandPublisher(1, producer, _ -> 0, () -> true, ownAppends,
                InstantSource.system(), Tracing.OFF,
                new SimpleMeterRegistry()); var _ = sampled.makeCurrent()) {
            // when
            publish(publisher);

            // then
            assertThat(producer.history()).singleElement()
                    .satisfies(record -> assertThat(record.headers().toArray()).singleElement().isEqualTo(
                            new RecordHeader(WriterVersion.HEADER, BuildVersion.current().version().getBytes(UTF_8))));
        }
    }

    /** Each result that is returned during a shutdown of the broker must agree with the log after the restart. */
    @Test
    void shouldAgreeWithTheLogOfALostBroker() {
        // given
        Path directory = KafkaServer.directory("lost");
        var kafka = EmbeddedKafka.start(directory, 0);
        var settings = new KafkaSettings(kafka.bootstrapServers(), 1);
        TopicProvisioner.ensure(settings, Topics.all());
        Map<String, Publication> publications = new ConcurrentHashMap<>();

        // when
        try (var clients = clients(settings); var publisher = publisher(clients)) {
            var stopped = new AtomicBoolean();
            Thread sender = Thread.ofVirtual().start(() -> sendUntil(stopped, publisher, publications));
            await().until(() -> publications.values().stream().anyMatch(Appended.class::isInstance));
            kafka.close();
            await().until(() -> publications.values().stream().anyMatch(Unknown.class::isInstance));
            stopped.set(true);
            await().until(() -> !sender.isAlive());
        }

        // then
        try (var again = EmbeddedKafka.start(directory, 0)) {
            Set<String> inTheLog = requestsIn(new KafkaSettings(again.bootstrapServers(), 1));
            publications.forEach((request, publication) -> {
                switch (publication) {
                    case Appended appended -> assertThat(inTheLog).contains(request);
                    case NotSent notSent -> assertThat(inTheLog).doesNotContain(request);
                    case Unknown unknown -> assertThat(unknown.cause()).isNotEmpty();
                }
            });
        }
    }

    private static void sendUntil(AtomicBoolean stopped, CommandPublisher publisher,
            Map<String, Publication> publications) {
        for (int i = 0; !stopped.get(); i++) {
            String request = "r" + i;
            publisher.publish(issue(request, "u1")).thenAccept(publication -> publications.put(request, publication));
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Set<String> requestsIn(KafkaSettings settings) {
        Set<String> requests = ConcurrentHashMap.newKeySet();
        try (var clients = clients(settings);
                var tail = TopicTail.fromTheBeginning(clients, Topics.COMMANDS,
                        it -> requests.add(it.value().requestId().value()), new SimpleMeterRegistry())) {
            await().until(tail::isCurrent);
        }
        return requests;
    }

    private static KafkaClients clients(KafkaSettings settings) {
        return new KafkaClients(settings, "ingress", "test", new SimpleMeterRegistry());
    }

    private CommandPublisher publisher(KafkaClients clients) {
        return new CommandPublisher(clients, Duration.ofSeconds(2), () -> true, ownAppends,
                InstantSource.system(), Tracing.OFF,
                new SimpleMeterRegistry());
    }

    private Publication publish(CommandPublisher publisher) {
        return publisher.publish(command).toCompletableFuture().join();
    }
}
