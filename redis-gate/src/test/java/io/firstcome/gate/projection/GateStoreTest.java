package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.projection.GateWriter.GateSummary;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.consumer.PartitionRecords;
import io.firstcome.kit.consumer.PollResult;
import io.firstcome.kit.consumer.PolledRecords;
import io.firstcome.kit.consumer.PositionInLog;
import io.firstcome.kit.consumer.StartPosition;
import io.firstcome.kit.consumer.StoreUnavailable;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class GateStoreTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final TopicPartition OUTCOMES = new TopicPartition("coupon-outcomes", 0);
    private static final TopicPartition SILENT_OUTCOMES = new TopicPartition("coupon-outcomes", 1);
    private static final Duration IDLE = Duration.ofSeconds(7);

    private final Campaign campaign = Campaign.openForLong();
    private final GateSettings settings = GateSettings.from(Map.of());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KnownCoupons directory = new KnownCoupons();
    private final FakeAuthority authority = new FakeAuthority(3);
    private final GateWriter gate = new GateWriter(RedisSettings.from(REDIS.environment()),
            new LogIdentity(Map.of(OUTCOMES.topic(), "id-1")), Duration.ofHours(1));
    private final OpenCoupons coupons = new OpenCoupons(directory, settings, InstantSource.system(),
            settings::skew);
    /** On the second partition; all other coupons are on the first. */
    private final Campaign silent = Campaign.openForLong();
    private final ToIntFunction<CouponId> partitionOf = couponId -> couponId.equals(silent.couponId()) ? 1 : 0;
    private final GateStore store = new GateStore(gate, coupons,
            new GateFiller(gate, coupons, authority, partitionOf, meters),
            new ColdCoupons(gate, Duration.ofHours(1), System::nanoTime), partitionOf, meters.counter("invalid"));

    @BeforeEach
    void empty() {
        REDIS.client().flushAll();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldContinueFromTheStoredPosition() {
        // given
        gate.advance(Map.of(), Map.of(OUTCOMES, 2L));

        // when
        Map<TopicPartition, StartPosition> starts = start(OptionalLong.of(2), 0, 5);

        // then
        assertThat(starts).isEqualTo(Map.of(OUTCOMES, new StartPosition.At(2)));
    }

    @Test
    void shouldFollowFromTheEndWithoutAPosition() {
        // when
        Map<TopicPartition, StartPosition> starts = start(OptionalLong.empty(), 0, 5);

        // then
        assertThat(starts).isEqualTo(Map.of(OUTCOMES, new StartPosition.At(5)));
        assertThat(store.positions(List.of(OUTCOMES))).isEqualTo(Map.of(OUTCOMES, 5L));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 6})
    void shouldFollowFromTheEndWithAPositionOutsideTheLog(long stored) {
        // given
        gate.advance(Map.of(), Map.of(OUTCOMES, stored));

        // when
        Map<TopicPartition, StartPosition> starts = start(OptionalLong.of(stored), 2, 5);

        // then
        assertThat(starts).isEqualTo(Map.of(OUTCOMES, new StartPosition.At(5)));
        assertThat(store.positions(List.of(OUTCOMES))).isEqualTo(Map.of(OUTCOMES, 5L));
    }

    @Test
    void shouldNotOverwriteThePositionOfAnotherProcess() {
        // given
        gate.advance(Map.of(), Map.of(OUTCOMES, 4L));

        // when
        ThrowingCallable late = () -> start(OptionalLong.empty(), 0, 5);

        // then
        assertThatThrownBy(late).isInstanceOf(StoreUnavailable.class);
        assertThat(store.positions(List.of(OUTCOMES))).isEqualTo(Map.of(OUTCOMES, 4L));
    }

    @Test
    void shouldStopAtARecordOfANewerVersion() {
        // given
        gate.advance(Map.of(), Map.of(OUTCOMES, 0L));
        byte[] newer = "{\"type\":\"IssueTraded\"}".getBytes(StandardCharsets.UTF_8);
        var records = List.of(record(0, Topics.OUTCOMES.encode(campaign.issued("r1", "u1", 1))), record(1, newer),
                record(2, Topics.OUTCOMES.encode(campaign.issued("r2", "u2", 2))));

        // when
        PollResult result = store.store(new PolledRecords(List.of(new PartitionRecords(OUTCOMES, 0, 3, records)),
                Map.of(OUTCOMES, 0L)));

        // then
        assertThat(result.stopped()).hasEntrySatisfying(OUTCOMES,
                why -> assertThat(why).startsWith("coupon-outcomes-0@1 has the type IssueTraded"));
        assertThat(store.positions(List.of(OUTCOMES))).isEqualTo(Map.of(OUTCOMES, 1L));
        assertThat(REDIS.client().hkeys("fc:{" + campaign.id() + "}:issued")).containsExactly("u1");
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, byte[] value) {
        return new ConsumerRecord<>(OUTCOMES.topic(), OUTCOMES.partition(), offset, null, value);
    }

    @Test
    void shouldDetectASecondLossOfRedis() {
        // given
        start(OptionalLong.empty(), 0, 5);
        REDIS.client().flushAll();

        // when
        PollResult result = emptyPoll();

        // then
        assertThat(result.postponed()).isPresent();
    }

    @Test
    void shouldNotWaitInAPollWhileAPageIsReady() {
        // given
        directory.put(campaign.state(1, 100, 4));
        for (int i = 1; i <= 4; i++) {
            authority.issue(campaign.couponId(), "u" + i, i, "r" + i);
        }
        start(OptionalLong.empty(), 0, 5);
        emptyPoll();

        // when
        List<Duration> timeouts = List.of(store.betweenPolls(IDLE), store.betweenPolls(IDLE));

        // then
        assertThat(timeouts).containsExactly(Duration.ZERO, IDLE);
        assertThat(gate.summaries(List.of(campaign.couponId())).getFirst().orElseThrow().known()).isEqualTo(4);
    }

    @Test
    void shouldNotFillWithAStateOlderThanTheLoss() {
        // given
        directory.put(campaign.state(1, 3, 0));
        directory.stopReading();
        start(OptionalLong.empty(), 0, 5);
        emptyPoll();
        List<Duration> timeouts = List.of(store.betweenPolls(IDLE), store.betweenPolls(IDLE));
        var before = summary();

        // when
        directory.put(campaign.state(2, 9, 0));
        directory.continueReading();
        store.betweenPolls(IDLE);

        // then
        assertThat(summary().orElseThrow().version()).isEqualTo(2);
        assertThat(before).as("with the state from before the loss").isEmpty();
        assertThat(timeouts).as("polls while the fill waits").allMatch(it -> it.compareTo(IDLE) < 0);
    }

    @Test
    void shouldFillOthersWhileAPartitionIsSilent() {
        // given
        directory.put(campaign.state(1, 3, 0));
        directory.put(silent.state(1, 3, 0));
        directory.silence(1);
        var position = new PositionInLog(OptionalLong.empty(), 0, 5);
        store.positions(List.of(OUTCOMES, SILENT_OUTCOMES));
        store.startPositions(Map.of(OUTCOMES, position, SILENT_OUTCOMES, position));
        store.store(new PolledRecords(List.of(), Map.of(OUTCOMES, 5L, SILENT_OUTCOMES, 5L)));

        // when
        Duration timeout = store.betweenPolls(IDLE);

        // then
        assertThat(summary()).isPresent();
        assertThat(summary(silent)).as("of a partition that is not read").isEmpty();
        assertThat(timeout).as("poll while a silent partition waits").isEqualTo(IDLE);
        directory.continueReading();
        store.betweenPolls(IDLE);
        assertThat(summary(silent)).isPresent();
    }

    @Test
    void shouldNotLetAFillOfASilentPartitionDelayOthers() {
        // given
        var filler = new GateFiller(gate, coupons, authority, partitionOf, meters);
        directory.put(campaign.state(1, 3, 0));
        directory.put(silent.state(1, 3, 0));
        start(OptionalLong.empty(), 0, 5);
        directory.silence(1);
        filler.fill(List.of(silent.couponId(), campaign.couponId()), System.nanoTime(), true);

        // when
        filler.step();

        // then
        assertThat(summary()).isPresent();
        assertThat(summary(silent)).isEmpty();
        assertThat(filler.pollTimeout(IDLE)).isEqualTo(IDLE);
    }

    @Test
    void shouldDropFillsThatWaitWhenRedisIsLostAgain() {
        // given
        List<CouponId> couponIds = IntStream.range(0, 6).mapToObj(i -> Campaign.openForLong()).map(it -> {
            directory.put(it.state(1, 3, 1));
            authority.issue(it.couponId(), "u1", 1, "r1");
            return it.couponId();
        }).toList();
        authority.hold();
        start(OptionalLong.empty(), 0, 5);
        emptyPoll();
        store.betweenPolls(IDLE);
        assertThat(gate.summaries(couponIds)).as("some fills wait for others").contains(Optional.empty());
        directory.stopReading();

        // when
        REDIS.client().flushAll();
        start(OptionalLong.empty(), 0, 5);
        authority.resume();
        IntStream.range(0, 20).forEach(_ -> store.betweenPolls(IDLE));

        // then
        assertThat(gate.summaries(couponIds)).as("with states from before the second loss")
                .containsOnly(Optional.empty());
        directory.continueReading();
        IntStream.range(0, 20).forEach(_ -> store.betweenPolls(IDLE));
        assertThat(gate.summaries(couponIds)).allMatch(Optional::isPresent);
    }

    @Test
    void shouldReadTheDirectoryAnewWhenFactsVanishBeforeAFill() {
        // given
        var filler = new GateFiller(gate, coupons, authority, partitionOf, meters);
        CouponState sold = campaign.state(1, 3, 3);
        start(OptionalLong.empty(), 0, 5);
        gate.write(new ProjectionBatch(Map.of(), Map.of(campaign.couponId(), sold)));
        directory.put(sold);
        filler.fill(List.of(campaign.couponId()), System.nanoTime(), false);
        directory.stopReading();

        // when
        REDIS.client().del(GateKeys.of(campaign.couponId()).getFirst());
        filler.step();

        // then
        assertThat(summary()).as("with the state from before the facts vanished").isEmpty();
        directory.continueReading();
        filler.step();
        assertThat(summary()).isPresent();
    }

    private Optional<GateSummary> summary() {
        return summary(campaign);
    }

    private Optional<GateSummary> summary(Campaign of) {
        return gate.summaries(List.of(of.couponId())).getFirst();
    }

    @Test
    void shouldReportARedisThatIsAway() {
        // given
        REDIS.kill();

        // when
        ThrowingCallable poll = this::emptyPoll;

        // then
        assertThatThrownBy(poll).isInstanceOf(StoreUnavailable.class).hasMessageContaining("Redis at 127.0.0.1");
    }

    private Map<TopicPartition, StartPosition> start(OptionalLong stored, long beginning, long end) {
        // The consumer reads the positions first, which also loads the scripts.
        Collection<TopicPartition> partitions = List.of(OUTCOMES);
        store.positions(partitions);
        return store.startPositions(Map.of(OUTCOMES, new PositionInLog(stored, beginning, end)));
    }

    private PollResult emptyPoll() {
        return store.store(new PolledRecords(List.of(), Map.of(OUTCOMES, 5L)));
    }
}
