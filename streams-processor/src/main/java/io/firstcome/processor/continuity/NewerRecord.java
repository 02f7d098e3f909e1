package io.firstcome.processor.continuity;

import io.firstcome.contract.json.NewerFormat;

/**
 * A record that a newer version may have written. This version can neither decide it nor pass it over, because the
 * commands after it depend on it. The message is one line for operators: what was found, where, and what to do.
 */
public final class NewerRecord extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The record at an offset of a topic. */
    public NewerRecord(NewerFormat format, String topic, int partition, long offset) {
        super(format.at(topic, partition, offset), format);
    }
}
