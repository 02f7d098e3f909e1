package io.firstcome.ingress.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.Topics;
import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.LogWriter;
import io.firstcome.ingress.testing.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(Servers.class)
class TopicTailTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KafkaClients clients = new KafkaClients(Servers.kafkaSettings(), "test", meters);
    private final LogWriter log = new LogWriter();
    private final Queue<CouponOutcome> read = new ConcurrentLinkedQueue<>();
    private final Campaign campaign = Campaign.openForLong();

    @AfterEach
    void close() {
        log.close();
        clients.close();
    }

    @Test
    void shouldReadWhatStoodThereBeforeItIsCaughtUpAndThenGoOn() {
        // given
        log.write(campaign.issued("r1", "u1", 1));

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, it -> read.add(it.value()),
                meters);

        // then
        try (tail) {
            await().until(tail::isCurrent);
            assertThat(read).contains(campaign.issued("r1", "u1", 1));
            log.write(campaign.issued("r2", "u2", 2));
            await().until(() -> read.contains(campaign.issued("r2", "u2", 2)));
        }
    }

    @Test
    void shouldBeginWithWhatIsRecentEnough() {
        // given
        log.write(campaign.issued("r1", "u1", 1));

        // when
        TopicTail<CouponOutcome> recent = TopicTail.from(Duration.ofMinutes(10), clients, Topics.OUTCOMES,
                it -> read.add(it.value()),
                meters);
        Queue<CouponOutcome> readFromNow = new ConcurrentLinkedQueue<>();
        TopicTail<CouponOutcome> now = TopicTail.from(Duration.ZERO.minusMinutes(1), clients, Topics.OUTCOMES,
                it -> readFromNow.add(it.value()), meters);

        // then
        try (recent; now) {
            await().until(recent::isCurrent);
            assertThat(read).contains(campaign.issued("r1", "u1", 1));
            await().until(now::isCurrent);
            assertThat(readFromNow).isEmpty();
        }
    }

    @Test
    void shouldNotSeeWhatWasTakenBack() {
        // given
        Properties properties = Servers.kafkaSettings().client();
        properties.put("transactional.id", campaign.id());
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(Topics.OUTCOMES.record(campaign.issued("aborted", "u1", 1)));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(Topics.OUTCOMES.record(campaign.issued("committed", "u1", 1)));
            producer.commitTransaction();
        }

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, it -> read.add(it.value()),
                meters);

        // then
        try (tail) {
            await().until(() -> read.contains(campaign.issued("committed", "u1", 1)));
            assertThat(read).doesNotContain(campaign.issued("aborted", "u1", 1));
        }
    }

    @Test
    void shouldPassOverWhatItCannotUseAndCountIt() {
        // given
        log.writeGarbage(Topics.OUTCOMES, campaign.id());
        log.write(campaign.issued("bad", "u1", 1), campaign.issued("good", "u1", 1));

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, this::readUnlessBad,
                meters);

        // then
        try (tail) {
            await().until(() -> read.contains(campaign.issued("good", "u1", 1)));
            assertThat(meters.counter("firstcome.tail.unreadable", "topic", "coupon-outcomes").count())
                    .isGreaterThanOrEqualTo(2);
        }
    }

    private void readUnlessBad(Read<CouponOutcome> record) {
        CouponOutcome outcome = record.value();
        if (outcome.requestId().value().equals("bad")) {
            throw new IllegalStateException("a mistake of ours");
        }
        read.add(outcome);
    }
}
