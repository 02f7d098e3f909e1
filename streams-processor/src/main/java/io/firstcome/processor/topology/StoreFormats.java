package io.firstcome.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.Json;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.issuance.Holding;

/**
 * The formats of the stores' values. Values that are written rarely are JSON, readable and extensible; values that are
 * written with every issue are a few bytes of fixed layout. Stores and changelogs outlive a release: a format may be
 * extended, and existing bytes must keep their meaning.
 */
final class StoreFormats {

    static final Serde<CouponConfig> CONFIG = Serdes.serdeFrom((_, config) -> Json.write(config),
            (_, json) -> Json.read(json, CouponConfig.class));

    static final Serde<IssueCounter> COUNTER = Serdes.serdeFrom((_, counter) -> write(counter),
            (_, bytes) -> readCounter(bytes));

    static final Serde<Holding> HOLDING = Serdes.serdeFrom((_, held) -> write(held), (_, bytes) -> readHolding(bytes));

    static final Serde<LogPosition> POSITION = Serdes.serdeFrom((_, position) -> write(position),
            (_, bytes) -> readPosition(bytes));

    private StoreFormats() {}

    private static byte[] write(IssueCounter counter) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(counter.issued()).putLong(counter.clock().toEpochMilli())
                .array();
    }

    private static IssueCounter readCounter(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new IssueCounter(in.getLong(), Instant.ofEpochMilli(in.getLong()));
    }

    private static byte[] write(LogPosition position) {
        byte[] topicId = position.topicId().getBytes(UTF_8);
        return ByteBuffer.allocate(Long.BYTES + topicId.length).putLong(position.next()).put(topicId).array();
    }

    private static LogPosition readPosition(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long next = in.getLong();
        return new LogPosition(UTF_8.decode(in).toString(), next);
    }

    private static byte[] write(Holding held) {
        byte[] requestId = held.requestId().value().getBytes(UTF_8);
        return ByteBuffer.allocate(2 * Long.BYTES + requestId.length).putLong(held.sequence())
                .putLong(held.issuedAt().toEpochMilli()).put(requestId).array();
    }

    private static Holding readHolding(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long sequence = in.getLong();
        Instant issuedAt = Instant.ofEpochMilli(in.getLong());
        return new Holding(new RequestId(UTF_8.decode(in).toString()), sequence, issuedAt);
    }
}
