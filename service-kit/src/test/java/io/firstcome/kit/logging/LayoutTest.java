package io.firstcome.kit.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.LayoutBase;
import io.firstcome.contract.json.Json;

class LayoutTest {

    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
    private final LoggerContext loggers = new LoggerContext();
    private final Logger log = loggers.getLogger("io.firstcome.Some");
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void setMdc() {
        loggers.setMDCAdapter(mdc);
    }

    private void writeWith(LayoutBase<ILoggingEvent> layout) {
        var appender = new AppenderBase<ILoggingEvent>() {

            @Override
            protected void append(ILoggingEvent event) {
                lines.add(layout.doLayout(event));
            }
        };
        appender.setContext(loggers);
        appender.start();
        log.addAppender(appender);
    }

    @Test
    void shouldEndTextWithTheFieldsOfThreadAndLine() {
        // given
        writeWith(new TextLayout());
        mdc.put(LogFields.REQUEST_ID, "r-1");

        // when
        log.atWarn().addKeyValue(LogFields.COUPON_ID, "tea").addKeyValue("reason", "say \"no\"").log("failed {} times",
                2);

        // then
        assertThat(lines).singleElement().asString().matches(
                "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ \\[\\S+] WARN io\\.firstcome\\.Some - "
                        + "failed 2 times requestId=r-1 couponId=tea reason=\"say \\\\\"no\\\\\"\"\n");
    }

    @Test
    void shouldKeepForgedLinesInOneLine() {
        // given
        writeWith(new TextLayout());

        // when
        log.atInfo().addKeyValue("path", "/a\nb").log("one\r\ntwo\u001b[31m");

        // then
        assertThat(lines).singleElement().asString().endsWith("one\\r\\ntwo\\u001b[31m path=\"/a\\nb\"\n")
                .containsOnlyOnce("\n");
    }

    @Test
    void shouldPreferTheFieldOfTheLine() {
        // given
        writeWith(new TextLayout());
        mdc.put(LogFields.REQUEST_ID, "of-thread");

        // when
        log.atInfo().addKeyValue(LogFields.REQUEST_ID, "of-line").log("text");

        // then
        assertThat(lines).singleElement().asString().endsWith(" - text requestId=of-line\n");
    }

    @Test
    void shouldWriteOneFlatJsonObject() {
        // given
        writeWith(new JsonLayout());
        mdc.put(LogFields.REQUEST_ID, "r-1");

        // when
        log.atError().addKeyValue(LogFields.TRACE_ID, "abc").setCause(new IllegalStateException("why")).log("a\n\"b\"");

        // then
        assertThat(lines).singleElement().asString().containsOnlyOnce("\n").endsWith("}\n");
        JsonNode event = Json.read(lines.getFirst().getBytes(UTF_8), JsonNode.class);
        assertThat(event.path("time").textValue()).endsWith("Z");
        assertThat(event.path("level").textValue()).isEqualTo("ERROR");
        assertThat(event.path("logger").textValue()).isEqualTo("io.firstcome.Some");
        assertThat(event.path("message").textValue()).isEqualTo("a\n\"b\"");
        assertThat(event.path("requestId").textValue()).isEqualTo("r-1");
        assertThat(event.path("traceId").textValue()).isEqualTo("abc");
        assertThat(event.path("exception").textValue()).contains("IllegalStateException: why", "LayoutTest");
    }
}
