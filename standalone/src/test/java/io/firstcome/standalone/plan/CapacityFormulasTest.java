package io.firstcome.standalone.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.time.Instant;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;

/** Plans what was measured, and compares: the bound is what {@code docs/capacity.md} promises. */
class CapacityFormulasTest {

    private static final double PERCENT = 20;

    private static final PublishedRun RUN = PublishedRun.readFrom(Path.of("..", "docs", "performance.json"));
    private static final MeasuredFigures MEASURED = MeasuredFigures.of(RUN);

    @ParameterizedTest
    @CsvSource({"a-warm, 5000, 500", "b, 2000, 2000", "c, 100000, 10000"})
    void shouldPlanTheDurationOfMeasuredSales(String workload, double users, double stock) {
        // when
        double seconds = CapacityFormulas.answeredAfter(users, stock, MEASURED.cores(), MEASURED);

        // then
        assertThat(seconds).isCloseTo(RUN.median(workload, PublishedRun.OWN, "all answered"),
                withinPercentage(PERCENT));
    }

    @ParameterizedTest
    @CsvSource({"c, 100000, 10000", "verdict-128, 1, 1"})
    void shouldPlanTheProcessorTimeOfMeasuredClaims(String workload, double claims, double issues) {
        // when
        double micros = (issues * MEASURED.issuedMicros() + (claims - issues) * MEASURED.rejectedMicros()) / claims;

        // then
        assertThat(micros).isCloseTo(RUN.median(workload, PublishedRun.OWN, "CPU of system"),
                withinPercentage(PERCENT));
    }

    /** {@code docs/performance.md}, a long sale: Kafka had about 420 bytes an issue on disk, one replica. */
    @Test
    void shouldPlanTheBytesOfTheLongSale() {
        // given
        int claim = sizeOf(claim("accepted-1", "u1234567"));

        // when
        double bytes = CapacityFormulas.issueBytes(claim);

        // then
        assertThat(bytes).isCloseTo(420, withinPercentage(PERCENT));
    }

    /** {@code docs/gate.md}: 138 bytes a holder with user ids of 36 characters, 112 to 152 with a million holders. */
    @Test
    void shouldPlanTheBytesOfHoldersInRedis() {
        assertThat(CapacityFormulas.HOLDER_BYTES).isCloseTo(138, withinPercentage(PERCENT)).isLessThanOrEqualTo(152);
    }

    @Test
    void shouldKnowTheSizesOfRecords() {
        // given
        IssueCoupon claim = claim("summer-2026", "0198f2c4-6b1e-7d3a-9c55-2f0a7b9e4d10");
        var issued = new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), 1_234_567,
                Instant.parse("2026-08-01T10:00:00.017Z"));
        int holder = claim.couponId().value().length() + 1 + claim.userId().value().length() + 2 * Long.BYTES
                + claim.requestId().value().length();
        int shortest = sizeOf(new IssueCoupon(new RequestId("r"), new CouponId("c"), new UserId("u")));

        // when
        int size = sizeOf(claim);

        // then
        assertThat(sizeOf(Topics.OUTCOMES.record(issued)) - size).isEqualTo(CapacityFormulas.OUTCOME_EXTRA_BYTES);
        assertThat((double) size - holder).isCloseTo(CapacityFormulas.HOLDER_SAVED_BYTES, withinPercentage(PERCENT));
        assertThat(shortest).isEqualTo(CapacityFormulas.CLAIM_BYTES_MIN);
        assertThat(size).as("the default of --message-size").isBetween(150, 170);
    }

    private static IssueCoupon claim(String coupon, String user) {
        return new IssueCoupon(new RequestId("0198f2c4-6b1e-7d3a-9c55-2f0a7b9e4d10"), new CouponId(coupon),
                new UserId(user));
    }

    private static int sizeOf(IssueCoupon claim) {
        return sizeOf(Topics.COMMANDS.record(claim));
    }

    private static int sizeOf(ProducerRecord<byte[], byte[]> record) {
        return record.key().length + record.value().length;
    }
}
