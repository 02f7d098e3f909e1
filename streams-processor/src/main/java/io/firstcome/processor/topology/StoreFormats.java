package io.firstcome.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import io.firstcome.contract.Json;
import io.firstcome.contract.RequestId;
import io.firstcome.processor.issuance.Holding;

/**
 * How the stores' values are written. What is written seldom is JSON, for people and for growth; what is written with
 * every issue is a few fixed bytes. Stores and their changelogs outlive a release: a format may be added to, never
 * reinterpreted.
 */
final class StoreFormats {

    static final Serde<CouponConfig> TERMS = Serdes.serdeFrom((_, terms) -> Json.write(terms),
            (_, json) -> Json.read(json, CouponConfig.class));

    static final Serde<IssueCounter> TALLY = Serdes.serdeFrom((_, tally) -> write(tally), (_, bytes) -> tally(bytes));

    static final Serde<Holding> HOLDING = Serdes.serdeFrom((_, held) -> write(held), (_, bytes) -> holding(bytes));

    private StoreFormats() {}

    private static byte[] write(IssueCounter tally) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(tally.issued()).putLong(tally.clock().toEpochMilli())
                .array();
    }

    private static IssueCounter tally(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new IssueCounter(in.getLong(), Instant.ofEpochMilli(in.getLong()));
    }

    private static byte[] write(Holding held) {
        byte[] requestId = held.requestId().value().getBytes(UTF_8);
        return ByteBuffer.allocate(2 * Long.BYTES + requestId.length).putLong(held.sequence())
                .putLong(held.issuedAt().toEpochMilli()).put(requestId).array();
    }

    private static Holding holding(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long sequence = in.getLong();
        Instant issuedAt = Instant.ofEpochMilli(in.getLong());
        return new Holding(new RequestId(UTF_8.decode(in).toString()), sequence, issuedAt);
    }
}
