/** Reads a topic from a start position on, for ever. Start at {@link io.firstcome.readmodel.tail.TopicTail}. */
package io.firstcome.readmodel.tail;
