package io.firstcome.kit.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import java.util.regex.Pattern;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.RecordPosition;

/**
 * The version of FirstCome that wrote a record, in a header of the record. A reader that does not know the record's
 * content names that version to operators; nothing else depends on the header.
 */
public final class WriterVersion {

    /** The name of the header, as short as it can be: each claim and each outcome is stored with it. */
    public static final String HEADER = "v";

    private static final String CURRENT = BuildVersion.current().version();
    /** Every claim and every outcome has the header, so its value is encoded once. */
    private static final byte[] ENCODED = CURRENT.getBytes(US_ASCII);
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9.+-]{1,40}");

    private WriterVersion() {}

    /** Says in the headers of a record that this build writes it. */
    public static void addTo(Headers headers) {
        headers.add(HEADER, ENCODED);
    }

    /** The version that wrote a record; empty when its headers do not say so. */
    static Optional<String> of(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), US_ASCII)).filter(VALID.asMatchPredicate());
    }

    /** One line for operators about a record that a newer version wrote: what was found, where, and what to start. */
    public static String problem(NewerFormat found, RecordPosition at, Headers headers) {
        return at + " has " + found.found() + ", which this version does not know: "
                + of(headers).map(WriterVersion::advice).orElse("a newer version wrote the record, or another program,"
                        + " and this is " + CURRENT + ". Start a version of this service that knows it")
                + "; see \"Upgrade\" in docs/operations.md";
    }

    private static String advice(String writer) {
        return writer.equals(CURRENT)
                ? "another build of this version, " + CURRENT + ", wrote the record. Start that build of this service"
                : "version " + writer + " wrote the record, and this is " + CURRENT + ". Start version " + writer
                        + " of this service or a later one";
    }
}
