package io.firstcome.kit.logging;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;

/**
 * Time, thread, level, logger, message, then the fields as {@code key=value}. A value with other characters than those
 * of ids is in quotes. Message and fields stay on one line, so that no caller can forge a second one.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
            .withZone(ZoneId.systemDefault());

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(256);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(" [").append(event.getThreadName()).append("] ").append(event.getLevel()).append(' ')
                .append(event.getLoggerName()).append(" - ");
        appendEscaped(line, event.getFormattedMessage(), false);
        LogFields.of(event).forEach((key, value) -> {
            line.append(' ').append(key).append('=');
            if (value.chars().allMatch(TextLayout::isPlain) && !value.isEmpty()) {
                line.append(value);
            } else {
                line.append('"');
                appendEscaped(line, value, true);
                line.append('"');
            }
        });
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }

    private static boolean isPlain(int character) {
        return character > ' ' && character < 0x7f && character != '"' && character != '=' && character != '\\';
    }

    private static void appendEscaped(StringBuilder line, String text, boolean quoted) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '"' -> line.append(quoted ? "\\\"" : "\"");
                default -> {
                    if (Character.isISOControl(character) && character != '\t') {
                        line.append(String.format("\\u%04x", (int) character));
                    } else {
                        line.append(character);
                    }
                }
            }
        }
    }
}
