package io.firstcome.processor.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.processor.continuity.LogPosition;
import io.firstcome.processor.continuity.NewerData;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.issuance.Holding.Revocation;
import io.firstcome.processor.issuance.Holdings;

/**
 * The formats of the stores' values. Values that are written rarely are JSON, readable and extensible; values that are
 * written with every issue are a few bytes of fixed layout. Stores and changelogs outlive a release, so existing bytes
 * keep their meaning, and a value is written as the release before writes it unless it uses what that release does not
 * have. A reader that meets a value of a later release stops. {@link io.firstcome.processor.continuity.LogContinuity}
 * keeps which format the values of a partition need.
 */
final class StoreFormats {

    static final Serde<CouponConfig> CONFIG = Serdes.serdeFrom((_, config) -> Json.write(config),
            (_, json) -> readConfig(json));

    static final Serde<IssueCounter> COUNTER = Serdes.serdeFrom((_, counter) -> write(counter),
            (_, bytes) -> readCounter(bytes));

    static final Serde<Holdings> HOLDINGS = Serdes.serdeFrom((_, holdings) -> write(holdings),
            (_, bytes) -> readHoldings(bytes));

    static final Serde<LogPosition> POSITION = Serdes.serdeFrom((_, position) -> write(position),
            (_, bytes) -> readPosition(bytes));

    /** The format of the holdings of a user who was issued more than one coupon, or whose coupon was revoked. */
    private static final byte SEVERAL = -2;

    private StoreFormats() {}

    private static CouponConfig readConfig(byte[] json) {
        try {
            return Json.read(json, CouponConfig.class);
        } catch (ContractViolation e) {
            throw NewerData.stored("a coupon: " + e.getMessage(), e);
        }
    }

    private static byte[] write(IssueCounter counter) {
        boolean hasRevoked = counter.revoked() > 0;
        ByteBuffer out = ByteBuffer.allocate((hasRevoked ? 3 : 2) * Long.BYTES).putLong(counter.issued())
                .putLong(counter.clock().toEpochMilli());
        if (hasRevoked) {
            out.putLong(counter.revoked());
        }
        return out.array();
    }

    private static IssueCounter readCounter(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != 2 * Long.BYTES && bytes.length != 3 * Long.BYTES) {
            throw NewerData.stored("a counter of " + bytes.length + " bytes", null);
        }
        long issued = in.getLong();
        Instant clock = Instant.ofEpochMilli(in.getLong());
        return new IssueCounter(issued, in.hasRemaining() ? in.getLong() : 0, clock);
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

    /**
     * One coupon that is held: its sequence, time and request id, which is what the first release writes. Otherwise
     * {@link #SEVERAL}, then each issue with its revocation. No sequence begins with that byte.
     */
    private static byte[] write(Holdings holdings) {
        if (holdings.all().size() == 1 && holdings.all().getFirst().isHeld()) {
            Holding held = holdings.all().getFirst();
            byte[] requestId = ascii(held.requestId());
            return ByteBuffer.allocate(2 * Long.BYTES + requestId.length).putLong(held.sequence())
                    .putLong(held.issuedAt().toEpochMilli()).put(requestId).array();
        }
        var bytes = new ByteArrayOutputStream();
        bytes.write(SEVERAL);
        holdings.all().forEach(holding -> {
            bytes.writeBytes(ByteBuffer.allocate(2 * Long.BYTES).putLong(holding.sequence())
                    .putLong(holding.issuedAt().toEpochMilli()).array());
            writeId(bytes, Optional.of(holding.requestId()));
            writeId(bytes, holding.revocation().map(Revocation::requestId));
            holding.revocation().ifPresent(revocation -> bytes.writeBytes(
                    ByteBuffer.allocate(Long.BYTES).putLong(revocation.revokedAt().toEpochMilli()).array()));
        });
        return bytes.toByteArray();
    }

    private static Holdings readHoldings(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get(0) >= 0) {
            long sequence = in.getLong();
            Instant issuedAt = Instant.ofEpochMilli(in.getLong());
            return new Holdings(List.of(new Holding(new RequestId(UTF_8.decode(in).toString()), sequence, issuedAt)));
        }
        byte format = in.get();
        if (format != SEVERAL) {
            throw NewerData.stored("issues of a user in format " + format, null);
        }
        List<Holding> all = new ArrayList<>();
        while (in.hasRemaining()) {
            long sequence = in.getLong();
            Instant issuedAt = Instant.ofEpochMilli(in.getLong());
            RequestId requestId = readId(in).orElseThrow();
            Optional<Revocation> revocation = readId(in)
                    .map(id -> new Revocation(id, Instant.ofEpochMilli(in.getLong())));
            all.add(new Holding(requestId, sequence, issuedAt, revocation));
        }
        return new Holdings(all);
    }

    /** An id of at most 64 characters after its length; the length 0 for no id. */
    private static void writeId(ByteArrayOutputStream out, Optional<RequestId> id) {
        byte[] text = id.map(StoreFormats::ascii).orElse(new byte[0]);
        out.write(text.length);
        out.writeBytes(text);
    }

    private static Optional<RequestId> readId(ByteBuffer in) {
        byte[] text = new byte[in.get()];
        in.get(text);
        return text.length == 0 ? Optional.empty() : Optional.of(new RequestId(new String(text, US_ASCII)));
    }

    private static byte[] ascii(RequestId id) {
        return id.value().getBytes(US_ASCII);
    }
}
