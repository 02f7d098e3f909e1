package io.firstcome.contract.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class DeadLetterPartsTest {

    private static final RecordPosition ORIGIN = new RecordPosition("coupon-commands", 3, 42);

    @Test
    void shouldPutReasonAndOriginIntoHeaders() {
        // when
        DeadLetter letter = DeadLetter.of(null, new byte[]{1}, new RecordHeaders().add("trace", new byte[]{2}),
                "userId is missing", ORIGIN);

        // then
        assertThat(text(letter.headers(), "firstcome.reason")).isEqualTo("userId is missing");
        assertThat(text(letter.headers(), "firstcome.origin")).isEqualTo("coupon-commands-3@42");
        assertThat(letter.headers().lastHeader("trace").value()).containsExactly(2);
        assertThat(letter.headers().lastHeader("firstcome.cut")).isNull();
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).containsExactly(1);
    }

    @Test
    void shouldFitIntoTheLimitOfAProducer() {
        // given
        var headers = new RecordHeaders();
        for (int i = 0; i < 10_000; i++) {
            headers.add("header-" + i, new byte[100]);
        }

        // when
        DeadLetter letter = DeadLetter.of(new byte[1_000_000], new byte[1_000_000], headers, "x".repeat(100_000),
                ORIGIN);

        // then
        int size = letter.key().length + letter.value().length;
        for (var header : letter.headers()) {
            size += header.key().length() + header.value().length;
        }
        assertThat(size).isBetween(500_000, 700_000);
        assertThat(text(letter.headers(), "firstcome.cut"))
                .isEqualTo("key of 1000000 bytes, value of 1000000 bytes");
    }

    /** A record that carries the headers of a letter must not pass for another letter. */
    @Test
    void shouldLeaveOutReceivedHeadersOfThisSystem() {
        // given
        var forged = new RecordHeaders().add("firstcome.mark", "dropped".getBytes(UTF_8)).add("firstcome.origin",
                "coupon-outcomes-0@1".getBytes(UTF_8));

        // when
        DeadLetter letter = DeadLetter.of(null, null, forged, "why", ORIGIN);

        // then
        assertThat(letter.headers().toArray()).extracting(header -> header.key())
                .containsExactly("firstcome.reason", "firstcome.origin");
    }

    @Test
    void shouldReadThePositionThatItWrites() {
        assertThat(RecordPosition.parse(ORIGIN.toString())).contains(ORIGIN);
        assertThat(RecordPosition.parse("coupon-commands@42")).isEmpty();
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), UTF_8);
    }
}
