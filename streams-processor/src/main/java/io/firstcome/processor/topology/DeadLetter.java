package io.firstcome.processor.topology;

import java.util.Arrays;

import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

import io.firstcome.contract.topic.DeadLetterTopic;

/** Builds dead letters. */
final class DeadLetter {

    /**
     * How many bytes of a key or a value a dead letter keeps, so that it always fits into the limit of the producer and
     * the topic, about 1 MiB. A dead letter that is too large could not be written, and the authority would stop at the
     * same record after every restart.
     */
    static final int MAX_PART_BYTES = 256 * 1024;

    private DeadLetter() {}

    /** The record's key and value as received, with the reason and the origin in headers. */
    static Record<byte[], byte[]> of(Record<byte[], byte[]> record, String reason, RecordMetadata origin) {
        boolean isCut = isTooLong(record.key()) || isTooLong(record.value());
        String fullReason = isCut
                ? reason + " (cut to " + MAX_PART_BYTES + " bytes; the complete record is at its origin)"
                : reason;
        return new Record<>(cut(record.key()), cut(record.value()), record.timestamp(),
                DeadLetterTopic.headers(fullReason, origin.topic(), origin.partition(), origin.offset()));
    }

    private static boolean isTooLong(byte[] part) {
        return part != null && part.length > MAX_PART_BYTES;
    }

    private static byte[] cut(byte[] part) {
        return isTooLong(part) ? Arrays.copyOf(part, MAX_PART_BYTES) : part;
    }
}
