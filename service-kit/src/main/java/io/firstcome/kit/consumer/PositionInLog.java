package io.firstcome.kit.consumer;

import java.util.OptionalLong;

/**
 * A position beside the offsets that Kafka holds of its partition. {@code beginning} is read before {@code stored} and
 * {@code end} after it: else another instance that is still storing, or retention, could make a valid position seem to
 * be outside the log.
 *
 * @param stored the position in the store; empty when the store does not know the partition
 * @param beginning the first offset that retention has not deleted
 * @param end the first offset behind the last committed record (Kafka's last stable offset)
 */
public record PositionInLog(OptionalLong stored, long beginning, long end) {}
