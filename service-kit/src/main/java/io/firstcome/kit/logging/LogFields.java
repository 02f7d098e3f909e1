package io.firstcome.kit.logging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.slf4j.event.KeyValuePair;
import org.slf4j.spi.LoggingEventBuilder;

import io.firstcome.contract.topic.Topic;

import ch.qos.logback.classic.spi.ILoggingEvent;

/**
 * The {@code key=value} fields of log lines. A line about a request has {@link #REQUEST_ID}, and {@link #TRACE_ID} when
 * the request is traced: on the thread of an HTTP request from SLF4J's MDC, elsewhere from the line itself.
 */
public final class LogFields {

    /** The id of the request, as callers see it in {@code Request-Id}. */
    public static final String REQUEST_ID = "requestId";
    /** The id of the trace, in 32 hexadecimal digits. */
    public static final String TRACE_ID = "traceId";
    /** The coupon that the request is about. */
    public static final String COUPON_ID = "couponId";

    private static final String TRACEPARENT = "traceparent";

    private LogFields() {}

    /** Adds the request of a record to a line about it, also of a record that cannot be used. */
    public static LoggingEventBuilder ofRecord(LoggingEventBuilder line, byte[] value, Headers headers) {
        Topic.requestIdIn(value).ifPresent(id -> line.addKeyValue(REQUEST_ID, id));
        return ofTrace(line, headers);
    }

    /** Adds the trace id of a record when it has one. */
    public static LoggingEventBuilder ofTrace(LoggingEventBuilder line, Headers headers) {
        Header parent = headers.lastHeader(TRACEPARENT);
        return parent != null && parent.value() != null && parent.value().length >= 35
                ? line.addKeyValue(TRACE_ID, new String(parent.value(), 3, 32, US_ASCII))
                : line;
    }

    /** The fields of an event in order. A field of the line replaces one of the thread. */
    static Map<String, String> of(ILoggingEvent event) {
        Map<String, String> ofThread = event.getMDCPropertyMap();
        if (event.getKeyValuePairs() == null) {
            return ofThread;
        }
        Map<String, String> fields = new LinkedHashMap<>(ofThread);
        for (KeyValuePair pair : event.getKeyValuePairs()) {
            fields.put(pair.key, String.valueOf(pair.value));
        }
        return fields;
    }
}
