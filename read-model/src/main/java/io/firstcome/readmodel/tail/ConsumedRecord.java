package io.firstcome.readmodel.tail;

import java.time.Instant;

/**
 * The content of one Kafka record.
 *
 * @param at the record's timestamp: in a topic with LogAppendTime, when the broker appended the record
 */
public record ConsumedRecord<V>(V value, int partition, long offset, Instant at) {}
