package io.firstcome.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.testkit.fixture.CouponFixture;

/** The topology with its stores, without a broker: one partition, and a clock that the test advances. */
final class TopologyRun implements AutoCloseable {

    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> commands;

    TopologyRun() {
        this(CouponTopology.build(1, (_, _) -> {}));
    }

    TopologyRun(Topology topology) {
        driver = new TopologyTestDriver(topology, settings(), CouponFixture.OPENS_AT);
        commands = driver.createInputTopic(Topics.COMMANDS.name(), new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static Properties settings() {
        try {
            var settings = new Properties();
            settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
            settings.put(StreamsConfig.STATE_DIR_CONFIG, Files.createTempDirectory("firstcome-topology").toString());
            settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
            settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TopologyRun send(Instant appendTime, CouponCommand command) {
        return send(appendTime, Topic.key(command.couponId()), Topics.COMMANDS.encode(command));
    }

    TopologyRun send(Instant appendTime, byte[] key, byte[] value) {
        commands.pipeInput(key, value, appendTime);
        return this;
    }

    TopologyRun send(Instant appendTime, CouponCommand command, Headers headers) {
        return send(appendTime, Topic.key(command.couponId()), Topics.COMMANDS.encode(command), headers);
    }

    TopologyRun send(Instant appendTime, byte[] key, byte[] value, Headers headers) {
        commands.pipeInput(new TestRecord<>(key, value, headers, appendTime));
        return this;
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** The outcomes since the last call. */
    List<CouponOutcome> outcomes() {
        return values(Topics.OUTCOMES);
    }

    /** The states since the last call. */
    List<CouponState> states() {
        return values(Topics.STATES);
    }

    /** The dead letters since the last call. */
    List<TestRecord<byte[], byte[]>> deadLetters() {
        return records(Topics.COMMANDS_DLQ.name());
    }

    static String header(TestRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }

    static String reason(TestRecord<byte[], byte[]> letter) {
        return header(letter, DeadLetterTopic.REASON);
    }

    <V> KeyValueStore<String, V> store(String name) {
        return driver.getKeyValueStore(name);
    }

    private <V extends AboutCoupon> List<V> values(Topic<V> topic) {
        return records(topic.name()).stream().map(record -> {
            V value = topic.decode(record.value());
            assertThat(record.key()).isEqualTo(Topic.key(value.couponId()));
            return value;
        }).toList();
    }

    /** The records of a topic since the last call. */
    List<TestRecord<byte[], byte[]>> records(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
