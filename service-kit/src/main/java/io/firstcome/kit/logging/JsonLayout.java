package io.firstcome.kit.logging;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;

/**
 * One flat JSON object for each event. Logback's own JSON has the fields of a line in an array of objects, in which log
 * stores cannot search by name.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public String doLayout(ILoggingEvent event) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        members.put("level", event.getLevel().toString());
        members.put("thread", event.getThreadName());
        members.put("logger", event.getLoggerName());
        members.put("message", event.getFormattedMessage());
        LogFields.of(event).forEach(members::putIfAbsent);
        if (event.getThrowableProxy() != null) {
            members.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        var line = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            for (Map.Entry<String, String> member : members.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.append('\n').toString();
    }
}
