package io.firstcome.processor.continuity;

import org.apache.kafka.common.header.Headers;

import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.kit.service.WriterVersion;

/**
 * A record or a stored value of a newer version. This version can neither use it nor pass it over, because later
 * decisions depend on it. The message is one line for operators: what was found, where, and what to do.
 */
public final class NewerData extends RuntimeException {

    private static final long serialVersionUID = 1;

    private NewerData(String message, Throwable cause) {
        super(message, cause);
    }

    /** The record at an offset of a topic. */
    public static NewerData record(NewerFormat format, RecordPosition at, Headers headers) {
        return new NewerData(WriterVersion.problem(format, at, headers), format);
    }

    /** A value of the stores. */
    public static NewerData stored(String value, Throwable cause) {
        return new NewerData("The stores have " + value + ", which this version, " + BuildVersion.current().version()
                + ", does not know: a newer version wrote it. Start that version or a later one; see \"Upgrade\" in"
                + " docs/operations.md", cause);
    }

    /**
     * Stores in a format of a newer version.
     *
     * @param writer the version that first used the format
     */
    static NewerData format(int partition, long format, String writer) {
        return new NewerData("partition " + partition + ": the stores are in format " + format + ", which version "
                + writer + " wrote; this is version " + BuildVersion.current().version() + ", which reads up to format "
                + LogContinuity.STORE_FORMAT + ". Start version " + writer + " or a later one; see \"Upgrade\" in"
                + " docs/operations.md", null);
    }
}
