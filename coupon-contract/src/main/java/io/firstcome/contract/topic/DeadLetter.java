package io.firstcome.contract.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record to be set aside in a {@link DeadLetterTopic}. Every part is limited, so that the letter always fits into the
 * limits of a producer and a topic, about 1 MiB. A letter that is too large could not be written, and its writer would
 * stop at the same record after every restart.
 *
 * @param key the key as received, at most {@link #MAX_PART_BYTES} of it
 * @param value the value as received, at most {@link #MAX_PART_BYTES} of it
 * @param headers the headers as received, as far as they fit into {@link #MAX_HEADER_BYTES}, with the reason, the
 *            origin, and {@link DeadLetterTopic#CUT} when key or value is not complete
 */
public record DeadLetter(byte[] key, byte[] value, Headers headers) {

    /** How many bytes of a key or a value a letter keeps. */
    public static final int MAX_PART_BYTES = 256 * 1024;
    /** How many bytes of received headers a letter keeps. A header is kept as a whole or not at all. */
    public static final int MAX_HEADER_BYTES = 64 * 1024;
    private static final int MAX_REASON_LENGTH = 300;

    /**
     * The letter for a record.
     *
     * @param received the headers of the record. Those of this system are left out, because they would be taken for
     *            those of the letter
     * @param reason why the record could not be used, for an operator; shortened when it is long
     * @param origin the topic, the partition and the offset of the record
     */
    public static DeadLetter of(byte[] key, byte[] value, Iterable<Header> received, String reason,
            RecordPosition origin) {
        var headers = new RecordHeaders();
        int size = 0;
        for (Header header : received) {
            int headerSize = header.key().length() + (header.value() == null ? 0 : header.value().length);
            if (size + headerSize <= MAX_HEADER_BYTES && !header.key().startsWith(DeadLetterTopic.PREFIX)) {
                headers.add(header);
                size += headerSize;
            }
        }
        String text = reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH));
        if (isTooLong(key) || isTooLong(value)) {
            text += " (cut to " + MAX_PART_BYTES + " bytes; the complete record is at its origin)";
            headers.add(DeadLetterTopic.CUT,
                    ("key of " + length(key) + " bytes, value of " + length(value) + " bytes").getBytes(UTF_8));
        }
        headers.add(DeadLetterTopic.REASON, text.getBytes(UTF_8));
        headers.add(DeadLetterTopic.ORIGIN, origin.toString().getBytes(UTF_8));
        return new DeadLetter(cut(key), cut(value), headers);
    }

    private static int length(byte[] part) {
        return part == null ? 0 : part.length;
    }

    private static boolean isTooLong(byte[] part) {
        return length(part) > MAX_PART_BYTES;
    }

    private static byte[] cut(byte[] part) {
        return isTooLong(part) ? Arrays.copyOf(part, MAX_PART_BYTES) : part;
    }
}
