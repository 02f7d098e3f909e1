package io.firstcome.processor.continuity;

/**
 * Up to where a task has decided the commands of its partition. It is stored with the decisions, in one transaction.
 *
 * @param topicId the id of {@code coupon-commands}; a topic that was deleted and created again has another id
 * @param next the offset of the next command
 */
public record LogPosition(String topicId, long next) {}
