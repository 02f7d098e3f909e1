package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.Topic;
import io.firstcome.contract.Topics;
import io.firstcome.processor.topology.ReceivedCommand.NotUnderstood;
import io.firstcome.processor.topology.ReceivedCommand.Understood;

class CommandReaderTest {

    private static final int PARTITIONS = 6;

    private final CommandReader reader = new CommandReader(PARTITIONS);

    @Test
    void shouldUnderstandACommandWhereKafkasProducerPutsIt() {
        IntStream.range(0, 200).mapToObj(i -> couponId("coupon-" + i)).forEach(coupon -> {
            int home = BuiltInPartitioner.partitionForKey(Topic.key(coupon), PARTITIONS);

            assertThat(read(coupon, home)).isEqualTo(new Understood(definingOf(coupon)));
        });
    }

    @Test
    void shouldRefuseACommandOnAnyOtherPartition() {
        int home = BuiltInPartitioner.partitionForKey(Topic.key(COUPON), PARTITIONS);
        IntStream.range(0, PARTITIONS).filter(partition -> partition != home)
                .forEach(partition -> assertThat(read(COUPON, partition))
                        .isInstanceOfSatisfying(NotUnderstood.class, bad -> {
                            assertThat(bad.reason()).contains("partition " + partition, "belongs to " + home);
                            assertThat(bad.sender()).isPresent();
                        }));
    }

    @Test
    void shouldAnswerWhateverBytesArrive() {
        long seed = Long.getLong("firstcome.seed", System.nanoTime());
        var random = new Random(seed);
        byte[] valid = Topics.COMMANDS.encode(define("r1", 3));
        for (int i = 0; i < 20_000; i++) {
            byte[] value = damaged(valid, random);
            assertThatCode(() -> reader.read(Topic.key(COUPON), value, 0))
                    .describedAs("seed %d, value %s", seed, Arrays.toString(value)).doesNotThrowAnyException();
        }
    }

    private static byte[] damaged(byte[] valid, Random random) {
        byte[] value = Arrays.copyOf(valid, random.nextInt(10) == 0 ? random.nextInt(valid.length) : valid.length);
        for (int hits = random.nextInt(4); hits > 0 && value.length > 0; hits--) {
            value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        }
        return value;
    }

    private ReceivedCommand read(CouponId coupon, int partition) {
        return reader.read(Topic.key(coupon), Topics.COMMANDS.encode(definingOf(coupon)), partition);
    }

    private static DefineCoupon definingOf(CouponId coupon) {
        return define("r1", definition(coupon, 3));
    }
}
