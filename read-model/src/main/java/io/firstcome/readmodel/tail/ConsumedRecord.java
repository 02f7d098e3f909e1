package io.firstcome.readmodel.tail;

import java.time.Instant;

/**
 * What stood in one record.
 *
 * @param partition where the record stands
 * @param offset its place in the partition
 * @param at the record's time: in a topic of append times, when the broker took it
 */
public record ConsumedRecord<V>(V value, int partition, long offset, Instant at) {}
