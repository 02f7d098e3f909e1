package io.firstcome.sink.store;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.sink.store.ReceivedOutcome.Newer;
import io.firstcome.sink.store.ReceivedOutcome.NotUnderstood;
import io.firstcome.sink.store.ReceivedOutcome.Understood;

class ReceivedOutcomeTest {

    private static final CouponIssued ISSUED = issued("r1", "amy", 1, at(1));

    @Test
    void shouldAcceptAnOutcomeUnderItsCouponsKey() {
        var record = record(Topic.key(COUPON), Topics.OUTCOMES.encode(ISSUED));
        assertThat(ReceivedOutcome.of(record)).isEqualTo(new Understood(record, ISSUED));
    }

    @Test
    void shouldRejectAnOutcomeUnderAnotherCouponsKey() {
        assertThat(reasonAgainst(Topic.key(couponId("c2")), Topics.OUTCOMES.encode(ISSUED)))
                .isEqualTo("couponId is c1 but the record's key is c2");
    }

    @Test
    void shouldReportWhyARecordIsNotAnOutcome() {
        byte[] key = Topic.key(COUPON);
        assertThat(reasonAgainst(null, Topics.OUTCOMES.encode(ISSUED))).isEqualTo("couponId is missing");
        assertThat(reasonAgainst(key, null)).isEqualTo("body is missing");
        assertThat(reasonAgainst(key, "{".getBytes(UTF_8))).startsWith("body is not valid JSON");
        assertThat(reasonAgainst(key, "{\"type\":7}".getBytes(UTF_8))).startsWith("type must");
    }

    @Test
    void shouldTellAnOutcomeOfANewerVersionFromAnInvalidOne() {
        var record = record(Topic.key(COUPON), "{\"type\":\"IssueTraded\"}".getBytes(UTF_8));
        record.headers().add(WriterVersion.HEADER, "7.1.0".getBytes(UTF_8));
        assertThat(ReceivedOutcome.of(record)).isInstanceOfSatisfying(Newer.class,
                newer -> assertThat(newer.why()).startsWith("coupon-outcomes-0@7 has the type IssueTraded")
                        .contains("version 7.1.0 wrote the record"));
    }

    private static String reasonAgainst(byte[] key, byte[] value) {
        return ((NotUnderstood) ReceivedOutcome.of(record(key, value))).reason();
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>(Topics.OUTCOMES.name(), 0, 7, key, value);
    }
}
