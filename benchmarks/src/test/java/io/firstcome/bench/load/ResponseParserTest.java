package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

class ResponseParserTest {

    private static final byte[] RESPONSE = """
            HTTP/1.1 503 Service Unavailable\r
            retry-after: 7\r
            Content-Length: 5\r
            \r
            hello""".getBytes(US_ASCII);

    private final ResponseParser parser = new ResponseParser();

    @Test
    void shouldReadAResponseInTwoPartsOfAnySize() throws Exception {
        for (int split = 1; split < RESPONSE.length; split++) {
            // given
            parser.reset();
            byte[] rest = Arrays.copyOfRange(RESPONSE, split, RESPONSE.length);

            // when
            boolean completeAfterFirstPart = parser.read(RESPONSE, split);
            boolean complete = parser.read(rest, rest.length);

            // then
            assertThat(completeAfterFirstPart).isFalse();
            assertThat(complete).isTrue();
            assertThat(parser.status()).isEqualTo(503);
            assertThat(parser.retryAfterSeconds()).isEqualTo(7);
        }
    }

    @Test
    void shouldNameTheProblemOfARefusal() throws Exception {
        // given
        byte[] response = """
                HTTP/1.1 503 Service Unavailable\r
                Content-Length: 66\r
                \r
                {"status":503,"type":"urn:firstcome:problem:stock-reserved","x":1}""".getBytes(US_ASCII);
        for (int split = 1; split < response.length; split++) {
            byte[] rest = Arrays.copyOfRange(response, split, response.length);

            // when
            parser.reset();
            parser.read(response, split);
            parser.read(rest, rest.length);

            // then
            assertThat(parser.problem()).isEqualTo("stock-reserved");
        }
    }

    @Test
    void shouldNameTheStatusOfARefusalWithoutAProblem() throws Exception {
        // when
        parser.read(RESPONSE, RESPONSE.length);

        // then
        assertThat(parser.problem()).isEqualTo("503");
    }

    @Test
    void shouldReadAnEmptyBody() throws Exception {
        // given
        byte[] response = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);

        // when
        boolean complete = parser.read(response, response.length);

        // then
        assertThat(complete).isTrue();
        assertThat(parser.status()).isEqualTo(202);
    }

    @Test
    void shouldRejectAChunkedResponse() {
        // given
        byte[] response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII);

        // when, then
        assertThatThrownBy(() -> parser.read(response, response.length)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void shouldFindTheEndOfEachResponseOfAPipeline() throws Exception {
        for (int split = 0; split <= RESPONSE.length; split++) {
            // given
            parser.reset();
            byte[] bytes = new byte[2 * RESPONSE.length];
            System.arraycopy(RESPONSE, 0, bytes, 0, RESPONSE.length);
            System.arraycopy(RESPONSE, 0, bytes, RESPONSE.length, RESPONSE.length);

            // when
            int first = parser.read(bytes, 0, split);
            int end = parser.isComplete() ? first : parser.read(bytes, first, bytes.length);

            // then
            assertThat(parser.isComplete()).isTrue();
            assertThat(end).isEqualTo(RESPONSE.length);
        }
    }

    @Test
    void shouldReadAStreamThatHasNoEnd() throws Exception {
        // given
        byte[] response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello".getBytes(US_ASCII);
        var streams = new ResponseParser(true);

        // when
        int read = streams.read(response, 0, response.length);

        // then
        assertThat(read).isEqualTo(response.length);
        assertThat(streams.hasStatus()).isTrue();
        assertThat(streams.status()).isEqualTo(200);
        assertThat(streams.isComplete()).isFalse();
    }
}
