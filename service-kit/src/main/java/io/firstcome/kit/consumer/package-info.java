/**
 * A Kafka consumer whose offsets are kept in the store that it writes to. Start at
 * {@link io.firstcome.kit.consumer.FencedConsumer}; implement {@link io.firstcome.kit.consumer.PositionedStore}.
 */
package io.firstcome.kit.consumer;
