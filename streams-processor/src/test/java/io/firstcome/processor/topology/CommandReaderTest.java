package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.processor.topology.CommandReader.Invalid;
import io.firstcome.processor.topology.CommandReader.ReadResult;
import io.firstcome.processor.topology.CommandReader.Valid;

class CommandReaderTest {

    private static final int PARTITIONS = 6;

    private final CommandReader reader = new CommandReader(PARTITIONS);

    @Test
    void shouldAcceptCommandOnPartitionChosenByProducer() {
        IntStream.range(0, 200).mapToObj(i -> couponId("coupon-" + i)).forEach(coupon -> {
            int expected = BuiltInPartitioner.partitionForKey(Topic.key(coupon), PARTITIONS);

            assertThat(read(coupon, expected)).isEqualTo(new Valid(defineOf(coupon)));
        });
    }

    @Test
    void shouldRejectCommandOnAnyOtherPartition() {
        int expected = BuiltInPartitioner.partitionForKey(Topic.key(COUPON), PARTITIONS);
        IntStream.range(0, PARTITIONS).filter(partition -> partition != expected)
                .forEach(partition -> assertThat(read(COUPON, partition))
                        .isInstanceOfSatisfying(Invalid.class, bad -> {
                            assertThat(bad.reason()).contains("partition " + partition, "belongs to " + expected);
                            assertThat(bad.sender()).isPresent();
                        }));
    }

    private ReadResult read(CouponId coupon, int partition) {
        return reader.read(Topic.key(coupon), Topics.COMMANDS.encode(defineOf(coupon)), partition);
    }

    private static DefineCoupon defineOf(CouponId coupon) {
        return define("r1", definition(coupon, 3));
    }
}
