package io.firstcome.standalone.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;

/**
 * A dead letter.
 *
 * @param id the place of the letter
 * @param record the record of the dead-letter topic
 * @param mark the latest mark of the letter; empty while the letter is open
 */
public record Letter(LetterId id, ConsumerRecord<byte[], byte[]> record, Optional<Mark> mark) {

    /** The result of reading a letter with today's code. */
    public sealed interface Content {

        /** A command for the coupon of its key. */
        record Command(CouponCommand command) implements Content {}

        /** An outcome about the coupon of its key. */
        record Outcome(CouponOutcome outcome) implements Content {}

        /** Neither. */
        record Unreadable(String why) implements Content {}
    }

    /** When the letter was written. */
    public Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    /** Why the record could not be processed. */
    public String reason() {
        return header(DeadLetterTopic.REASON).orElse("unknown");
    }

    /** Where the record was read; empty in a record that is no dead letter of this system. */
    public Optional<RecordPosition> origin() {
        return header(DeadLetterTopic.ORIGIN).flatMap(RecordPosition::parse);
    }

    /** The sizes of the original record, when the letter has only a part of it. */
    public Optional<String> cut() {
        return header(DeadLetterTopic.CUT);
    }

    /** The coupon of the record's key; empty when the key is no coupon id. */
    public Optional<CouponId> couponId() {
        try {
            return Optional.of(Topic.couponIdOf(record.key()));
        } catch (ContractViolation _) {
            return Optional.empty();
        }
    }

    /** Reads the record. */
    public Content content() {
        if (cut().isPresent()) {
            return new Content.Unreadable("the letter has only a part of the record (" + cut().get() + ")");
        }
        try {
            CouponId key = Topic.couponIdOf(record.key());
            if (id.topic().equals(Topics.COMMANDS_DLQ)) {
                return new Content.Command(aboutKey(key, Topics.COMMANDS.decode(record.value())));
            }
            return new Content.Outcome(aboutKey(key, Topics.OUTCOMES.decode(record.value())));
        } catch (ContractViolation e) {
            return new Content.Unreadable(e.getMessage());
        }
    }

    private static <V extends AboutCoupon> V aboutKey(CouponId key, V value) {
        if (!value.couponId().equals(key)) {
            throw new ContractViolation("couponId",
                    "is " + value.couponId() + " but the record's key is " + key);
        }
        return value;
    }

    /** The value as text; empty when there is none, or when its bytes are no UTF-8. */
    public Optional<String> text() {
        try {
            return record.value() == null
                    ? Optional.empty()
                    : Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(record.value())).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /** The last header with this name, as text. */
    Optional<String> header(String name) {
        return header(record, name);
    }

    static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), UTF_8));
    }
}
