package io.firstcome.bench.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.bench.system.Limit;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.processor.StreamsProperties;

/**
 * How many commands per second one Kafka Streams thread commits exactly once: copied without a look at them, or decided
 * by FirstCome's authority. The commands of one hot coupon are in the topic before the thread starts. Both run with the
 * same configuration. A round counts the input offsets that transactions have committed.
 */
final class StreamsLimit implements Limit {

    /** What is done with each command. */
    enum Work {
        PASS_THROUGH, DECIDE_WINNERS, DECIDE_LOSERS
    }

    /** More commands per second than any of the topologies can process. */
    private static final long COMMANDS_PER_SECOND = 150_000;
    private static final CouponId COUPON = new CouponId("hot");
    private static final String COPIES = "bench-copies";
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final String name;
    private final Work work;
    private final LimitKafka kafka;
    private int round;

    StreamsLimit(String name, Work work, LimitKafka kafka) {
        this.name = name;
        this.work = work;
        this.kafka = kafka.use();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String unit() {
        return work == Work.PASS_THROUGH ? "records/s" : "decisions/s";
    }

    @Override
    public double round(Duration duration) throws Exception {
        kafka.reset();
        long count = Math.max(1, duration.toMillis()) * COMMANDS_PER_SECOND / 1_000 + COMMANDS_PER_SECOND / 2;
        kafka.fill(commands(count).map(Topics.COMMANDS::record));
        ProcessorSettings settings = settings(work.name() + "-" + round++);
        try (Admin admin = kafka.admin(); AutoCloseable _ = start(admin, settings)) {
            return Pace.of(() -> committed(admin, settings.applicationId()), count, duration);
        }
    }

    private Stream<CouponCommand> commands(long count) {
        long stock = work == Work.DECIDE_LOSERS ? 1 : count;
        CouponCommand define = new DefineCoupon(new RequestId("define"), new CouponDefinition(COUPON, "Hot", stock,
                Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z")));
        return Stream.concat(Stream.of(define), LongStream.range(0, count).mapToObj(StreamsLimit::claim));
    }

    private static CouponCommand claim(long number) {
        String user = Rows.user(number);
        return new IssueCoupon(new RequestId("01938a3c-5f60-7cc2-9d1e-" + user), COUPON, new UserId(user));
    }

    private ProcessorSettings settings(String applicationId) {
        KafkaSettings settings = kafka.settings();
        return ProcessorSettings.from(Map.of(
                "FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", settings.bootstrap(),
                "FIRSTCOME_PARTITIONS", String.valueOf(settings.partitions()), "FIRSTCOME_REPLICAS", "1",
                "FIRSTCOME_PROCESSOR_PORT", "0",
                "FIRSTCOME_APPLICATION_ID", applicationId,
                "FIRSTCOME_STATE_DIR", kafka.directory(applicationId).toString()));
    }

    private AutoCloseable start(Admin admin, ProcessorSettings settings)
            throws ExecutionException, InterruptedException {
        return switch (work) {
            case PASS_THROUGH -> startPassThrough(admin, settings);
            case DECIDE_WINNERS, DECIDE_LOSERS -> ProcessorService.start(settings);
        };
    }

    private AutoCloseable startPassThrough(Admin admin, ProcessorSettings settings)
            throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(COPIES, settings.kafka().partitions(), (short) 1))).all().get();
        Topology copy = new Topology()
                .addSource("commands", new ByteArrayDeserializer(), new ByteArrayDeserializer(),
                        Topics.COMMANDS.name())
                .addSink("copies", COPIES, new ByteArraySerializer(), new ByteArraySerializer(), "commands");
        var streams = new KafkaStreams(copy, StreamsProperties.of(settings, new HostInfo("127.0.0.1", 1)));
        streams.start();
        return () -> streams.close(CLOSE_TIMEOUT);
    }

    private static long committed(Admin admin, String group) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(OffsetAndMetadata::offset).sum();
    }

    @Override
    public void close() {
        kafka.release();
    }
}
