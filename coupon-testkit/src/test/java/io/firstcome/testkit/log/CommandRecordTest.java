package io.firstcome.testkit.log;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.topic.Topics;

class CommandRecordTest {

    @Test
    void shouldReadACommand() {
        // given
        byte[] value = Topics.COMMANDS.encode(issue("r1", "u1"));

        // when
        CommandRecord record = record("c1".getBytes(UTF_8), value);

        // then
        assertThat(record).isEqualTo(new LoggedCommand(0, 42, OPENS_AT, COUPON, issue("r1", "u1")));
    }

    @Test
    void shouldKeepAKeyThatDiffersFromTheCommand() {
        // given
        byte[] value = Topics.COMMANDS.encode(issue("r1", "u1"));

        // when
        CommandRecord record = record("c2".getBytes(UTF_8), value);

        // then
        assertThat(record).isEqualTo(new LoggedCommand(0, 42, OPENS_AT, couponId("c2"), issue("r1", "u1")));
    }

    @Test
    void shouldKeepTheReadableKeyAndRequestIdOfAnInvalidValue() {
        // given
        byte[] value = "{\"type\":\"TradeIssue\",\"requestId\":\"r1\"}".getBytes(UTF_8);

        // when
        CommandRecord record = record("c1".getBytes(UTF_8), value);

        // then
        assertThat(record).isEqualTo(new UnreadableCommand(0, 42, OPENS_AT, Optional.of(COUPON),
                Optional.of(requestId("r1")), "type must be a known type"));
    }

    @Test
    void shouldKeepTheRequestIdOfARecordWithoutKey() {
        // given
        byte[] value = Topics.COMMANDS.encode(issue("r1", "u1"));

        // when
        CommandRecord record = record(null, value);

        // then
        assertThat(record).isEqualTo(new UnreadableCommand(0, 42, OPENS_AT, Optional.empty(),
                Optional.of(requestId("r1")), "couponId is missing"));
    }

    /** With three partitions, Kafka's default partitioner maps the key c1 to partition 2. */
    @Test
    void shouldRejectACommandInThePartitionOfAnotherKey() {
        // given
        byte[] key = "c1".getBytes(UTF_8);
        byte[] value = Topics.COMMANDS.encode(issue("r1", "u1"));

        // when
        CommandRecord right = record(2, key, value, 3);
        CommandRecord wrong = record(1, key, value, 3);

        // then
        assertThat(right).isInstanceOf(LoggedCommand.class);
        assertThat(wrong).isEqualTo(new UnreadableCommand(1, 42, OPENS_AT, Optional.of(COUPON),
                Optional.of(requestId("r1")), "key belongs to another partition"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"requestId\":\"r1\"}",
        "{\"type\":\"IssueCoupon\",\"requestId\":\"r1\",\"couponId\":\"c1\",\"userId\":\"u1\"}"})
    void shouldRequireAnOutcomeWithKeyAndRequestId(String value) {
        // when
        CommandRecord record = record("c1".getBytes(UTF_8), value.getBytes(UTF_8));

        // then
        assertThat(record.requiresOutcome()).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"requestId\":5}", "{\"requestId\":\"a/b\"}", "\u0000"})
    void shouldRequireNoOutcomeWithoutRequestId(String value) {
        // when
        CommandRecord record = record("c1".getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));

        // then
        assertThat(record.requiresOutcome()).isFalse();
    }

    @Test
    void shouldRequireNoOutcomeWithoutKey() {
        // when
        CommandRecord record = record(null, "{\"requestId\":\"r1\"}".getBytes(UTF_8));

        // then
        assertThat(record.requiresOutcome()).isFalse();
    }

    private static CommandRecord record(byte[] key, byte[] value) {
        return record(0, key, value, 1);
    }

    private static CommandRecord record(int partition, byte[] key, byte[] value, int partitions) {
        return CommandRecord.of(new ConsumerRecord<>("coupon-commands", partition, 42, OPENS_AT.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME, 0, 0, key, value, new RecordHeaders(), Optional.empty()), partitions);
    }
}
