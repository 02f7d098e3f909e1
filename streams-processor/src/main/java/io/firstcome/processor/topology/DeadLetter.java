package io.firstcome.processor.topology;

import java.util.Arrays;

import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

import io.firstcome.contract.DeadLetterTopic;

/** Makes dead letters of records. */
final class DeadLetter {

    /**
     * Bytes of a key or a value that are kept, so that a letter always fits into the producer's and the topic's limit of
     * about 1 MiB: a letter too large to be written would stop the authority at the same record for ever.
     */
    static final int LARGEST_PART = 256 * 1024;

    private DeadLetter() {}

    /** The record with its key and value as received, and in the headers the reason and where it stood. */
    static Record<byte[], byte[]> of(Record<byte[], byte[]> record, String reason, RecordMetadata origin) {
        boolean cut = isTooLong(record.key()) || isTooLong(record.value());
        String told = cut ? reason + " (cut to " + LARGEST_PART + " bytes; the whole stands at its origin)" : reason;
        return new Record<>(kept(record.key()), kept(record.value()), record.timestamp(),
                DeadLetterTopic.headers(told, origin.topic(), origin.partition(), origin.offset()));
    }

    private static boolean isTooLong(byte[] part) {
        return part != null && part.length > LARGEST_PART;
    }

    private static byte[] kept(byte[] part) {
        return isTooLong(part) ? Arrays.copyOf(part, LARGEST_PART) : part;
    }
}
