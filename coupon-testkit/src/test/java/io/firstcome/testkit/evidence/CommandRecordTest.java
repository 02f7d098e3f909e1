package io.firstcome.testkit.evidence;

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

import io.firstcome.contract.Topics;

class CommandRecordTest {

    private static CommandRecord received(byte[] key, byte[] value) {
        return received(0, key, value, 1);
    }

    private static CommandRecord received(int partition, byte[] key, byte[] value, int partitions) {
        return CommandRecord.of(new ConsumerRecord<>("coupon-commands", partition, 42, OPENS_AT.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME, 0, 0, key, value, new RecordHeaders(), Optional.empty()), partitions);
    }

    @Test
    void shouldReadACommand() {
        // given
        byte[] value = Topics.COMMANDS.encode(issue("r1", "u1"));

        // then
        assertThat(received("c1".getBytes(UTF_8), value))
                .isEqualTo(new LoggedCommand(0, 42, OPENS_AT, COUPON, issue("r1", "u1")));
        assertThat(received("c2".getBytes(UTF_8), value))
                .isEqualTo(new LoggedCommand(0, 42, OPENS_AT, couponId("c2"), issue("r1", "u1")));
    }

    @Test
    void shouldKeepWhatCanBeReadOfGarbage() {
        // given
        byte[] key = "c1".getBytes(UTF_8);
        byte[] value = "{\"type\":\"RevokeIssue\",\"requestId\":\"r1\"}".getBytes(UTF_8);

        // then
        assertThat(received(key, value)).isEqualTo(new UnreadableCommand(0, 42, OPENS_AT, Optional.of(COUPON),
                Optional.of(requestId("r1")), "type must be a known type"));
        assertThat(received(null, Topics.COMMANDS.encode(issue("r1", "u1")))).isEqualTo(new UnreadableCommand(0, 42,
                OPENS_AT, Optional.empty(), Optional.of(requestId("r1")), "couponId is missing"));
    }

    /** With three partitions, c1 belongs to partition 2: the number is Kafka's, and must not drift. */
    @Test
    void shouldNotTakeACommandWhereItsCouponDoesNotStand() {
        // given
        byte[] key = "c1".getBytes(UTF_8);
        byte[] value = Topics.COMMANDS.encode(issue("r1", "u1"));

        // then
        assertThat(received(2, key, value, 3)).isInstanceOf(LoggedCommand.class);
        assertThat(received(1, key, value, 3)).isEqualTo(new UnreadableCommand(1, 42, OPENS_AT, Optional.of(COUPON),
                Optional.of(requestId("r1")), "key belongs to another partition"));
    }

    @Test
    void shouldOweAnOutcomeWhereItNamesSomebody() {
        // given
        byte[] key = "c1".getBytes(UTF_8);
        byte[] named = "{\"requestId\":\"r1\"}".getBytes(UTF_8);

        // then
        assertThat(received(key, named).isOwedAnOutcome()).isTrue();
        assertThat(received(key, Topics.COMMANDS.encode(issue("r1", "u1"))).isOwedAnOutcome()).isTrue();
        assertThat(received(null, named).isOwedAnOutcome()).isFalse();
        for (String nameless : new String[]{"", "null", "[]", "{}", "{\"requestId\":5}", "{\"requestId\":\"a/b\"}",
            "\u0000"}) {
            assertThat(received(key, nameless.getBytes(UTF_8)).isOwedAnOutcome()).as(nameless).isFalse();
        }
        assertThat(received(key, null).isOwedAnOutcome()).isFalse();
    }
}
