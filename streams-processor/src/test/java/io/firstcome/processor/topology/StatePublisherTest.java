package io.firstcome.processor.topology;

import static io.firstcome.contract.CouponStatus.ACTIVE;
import static io.firstcome.contract.CouponStatus.CLOSED;
import static io.firstcome.contract.CouponStatus.PAUSED;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.revoke;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.processor.commit.CommitPacer;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.LogContinuity;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.continuity.PartitionFacts;

class StatePublisherTest {

    @Test
    void shouldPublishChangesAtOnce() {
        try (var run = new TopologyRun()) {
            // when
            run.send(at(0), define("a1", 5)).send(at(1), pause("a2")).send(at(2), define("a3", 7));

            // then
            assertThat(run.states()).containsExactly(couponWithStock(5),
                    new CouponState(definition(5), PAUSED, 2, 0), new CouponState(definition(7), PAUSED, 3, 0));
        }
    }

    @Test
    void shouldNotPublishUnchangedState() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice"));
            run.pass(StatePublisher.INTERVAL);
            run.states();

            // when
            run.send(at(2), define("a2", 5)).send(at(3), issue("r1", "alice")).send(at(4), issue("r2", "alice"));
            run.pass(StatePublisher.INTERVAL);

            // then
            assertThat(run.states()).isEmpty();
        }
    }

    @Test
    void shouldCollectCountsForOneInterval() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 5));
            run.states();

            // when
            run.send(at(1), issue("r1", "alice")).send(at(2), issue("r2", "bob"));

            // then
            run.pass(StatePublisher.INTERVAL.minusMillis(1));
            assertThat(run.states()).isEmpty();
            run.pass(StatePublisher.INTERVAL);
            assertThat(run.states()).containsExactly(couponWithStock(5).withIssued(2));
            run.pass(StatePublisher.INTERVAL.multipliedBy(3));
            assertThat(run.states()).isEmpty();
        }
    }

    @Test
    void shouldCollectAgainAfterPublishing() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice"));
            run.pass(StatePublisher.INTERVAL);
            run.states();

            // when
            run.send(at(2), issue("r2", "bob"));
            run.pass(StatePublisher.INTERVAL);

            // then
            assertThat(run.states()).containsExactly(couponWithStock(5).withIssued(2));
        }
    }

    @Test
    void shouldPublishSellOutAtOnceAndOnce() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 2)).send(at(1), issue("r1", "alice"));
            run.states();

            // when
            run.send(at(2), issue("r2", "bob"));

            // then
            assertThat(run.states()).containsExactly(couponWithStock(2).withIssued(2));
            run.pass(StatePublisher.INTERVAL);
            assertThat(run.states()).isEmpty();
        }
    }

    @Test
    void shouldPublishARevocationAtOnceAndOnce() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice"));
            run.states();

            // when
            run.send(at(2), revoke("a2", "alice")).send(at(3), revoke("a2", "alice")).send(at(4), revoke("a3", "bob"));

            // then
            assertThat(run.states()).containsExactly(couponWithStock(1).withIssued(1).withRevoked(1));
            run.pass(StatePublisher.INTERVAL);
            assertThat(run.states()).isEmpty();
        }
    }

    @Test
    void shouldPublishPendingIssuesWithARevocation() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice")).send(at(2), issue("r2", "bob"));
            run.states();

            // when
            run.send(at(3), revoke("a2", "alice"));

            // then
            assertThat(run.states()).containsExactly(couponWithStock(5).withIssued(2).withRevoked(1));
            run.pass(StatePublisher.INTERVAL);
            assertThat(run.states()).isEmpty();
        }
    }

    @Test
    void shouldPublishEachSellOutAtOnce() {
        try (var run = new TopologyRun()) {
            // given
            run.send(at(0), define("a1", 1)).send(at(1), issue("r1", "alice")).send(at(2), revoke("a2", "alice"));
            run.states();

            // when
            run.send(at(3), issue("r2", "bob"));

            // then
            assertThat(run.states()).containsExactly(couponWithStock(1).withIssued(1).withRevoked(1).withIssued(2));
        }
    }

    @Test
    void shouldNotPublishOldCountAfterNewVersion() {
        try (var run = new TopologyRun()) {
            // when
            run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice")).send(at(2), define("a2", 6));
            run.pass(StatePublisher.INTERVAL);

            // then
            assertThat(run.states()).last().isEqualTo(new CouponState(definition(6), ACTIVE, 2, 1));
        }
    }

    @Test
    void shouldPublishPendingCountsAfterRestart() {
        try (var run = new TopologyRun(CouponTopology.build(1, RestartingTask::new))) {
            // given
            givenStored(run, "selling", 5, ACTIVE, 3);
            givenStored(run, "untouched", 5, ACTIVE, 0);
            givenStored(run, "sold-out", 5, ACTIVE, 5);
            givenStored(run, "paused", 5, PAUSED, 3);
            givenStored(run, "closed", 5, CLOSED, 3);

            // when
            run.send(at(1), issue("any", "record"));
            run.pass(StatePublisher.INTERVAL);

            // then
            assertThat(run.states()).containsExactly(
                    new CouponState(definition(couponId("selling"), 5), ACTIVE, 1, 3));
        }
    }

    /** A coupon that is adopted from its published state takes its clock from the record. */
    @Test
    void shouldPublishWithTheClockOfTheCoupon() {
        try (var run = new TopologyRun()) {
            // given: the clock of this process is far behind that of the commands
            run.send(at(3_000), define("a1", 5));

            // when
            run.send(at(3_001), issue("r1", "alice")).send(at(2_000), issue("r2", "bob"));
            run.pass(StatePublisher.INTERVAL);

            // then
            assertThat(run.records(Topics.STATES.name())).extracting(TestRecord::getRecordTime)
                    .containsExactly(at(3_000), at(3_001));
        }
    }

    @Test
    void shouldPublishWithTheStoredClockAfterRestart() {
        try (var run = new TopologyRun(CouponTopology.build(1, RestartingTask::new))) {
            // given
            givenStored(run, "selling", 5, ACTIVE, 3);

            // when
            run.send(at(1), issue("any", "record"));
            run.pass(StatePublisher.INTERVAL);

            // then
            assertThat(run.records(Topics.STATES.name())).extracting(TestRecord::getRecordTime)
                    .containsExactly(at(0));
        }
    }

    @Test
    void shouldForgetCountsOfAbortedTransaction() {
        List<RevivedTask> tasks = new ArrayList<>();
        Supplier<RevivedTask> supplier = () -> {
            tasks.add(new RevivedTask());
            return tasks.getLast();
        };
        try (var run = new TopologyRun(CouponTopology.build(1, supplier::get))) {
            // given
            run.send(at(0), define("a1", 5)).send(at(1), issue("r1", "alice"));
            run.pass(StatePublisher.INTERVAL);
            run.states();
            run.send(at(2), issue("r2", "bob"));

            // when
            run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).put(definition(5).couponId().value(),
                    new IssueCounter(1, 0, at(1)));
            tasks.forEach(RevivedTask::reviveAtNextRecord);
            run.send(at(3), issue("any", "record"));

            // then
            run.pass(StatePublisher.INTERVAL.multipliedBy(2));
            assertThat(run.states()).containsExactly(couponWithStock(5).withIssued(1));
        }
    }

    private static void givenStored(TopologyRun run, String coupon, long stock, CouponStatus status, long issued) {
        CouponDefinition definition = definition(couponId(coupon), stock);
        run.<CouponConfig>store(CouponTopology.COUPONS).put(coupon, new CouponConfig(definition, status, 1));
        run.<IssueCounter>store(CouponTopology.ISSUED_COUNTS).put(coupon, new IssueCounter(issued, 0, at(0)));
        run.<LogPosition>store(CouponTopology.LOG_POSITION).put(LogContinuity.KEY, new LogPosition("new", 0));
    }

    /** A task that Kafka Streams can close and initialize again, as after an aborted transaction. */
    private static final class RevivedTask implements Processor<byte[], byte[], byte[], byte[]> {

        private final IssuanceProcessor processor = new IssuanceProcessor(new CommandReader(1),
                PartitionFacts.ofNewLog(), AcceptedLoss.NONE, new CommitPacer(Duration.ofMillis(10)), Tracing.OFF,
                (_, _) -> {});
        private ProcessorContext<byte[], byte[]> context;
        private boolean reviving;

        @Override
        public void init(ProcessorContext<byte[], byte[]> processorContext) {
            context = processorContext;
            processor.init(context);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            if (reviving) {
                processor.close();
                processor.init(context);
            } else {
                processor.process(record);
            }
        }

        void reviveAtNextRecord() {
            reviving = true;
        }
    }
}
