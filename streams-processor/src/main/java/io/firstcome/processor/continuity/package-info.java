/**
 * Notices that state or commands were lost, before a decision is based on the rest. {@link
 * io.firstcome.processor.continuity.LogContinuity} compares the stores of a task with what Kafka still has.
 */
package io.firstcome.processor.continuity;
