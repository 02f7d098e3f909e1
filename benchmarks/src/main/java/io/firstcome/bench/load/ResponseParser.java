package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads the responses of one connection: the status, {@code Retry-After}, and the length of the body, which is skipped.
 * One response is expected at a time.
 */
final class ResponseParser {

    private static final int MAX_HEAD = 64 * 1024;
    private static final int STATUS_OFFSET = "HTTP/1.1 ".length();
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(ISO_8859_1);
    private static final byte[] RETRY_AFTER = "retry-after:".getBytes(ISO_8859_1);
    private static final byte[] CONNECTION_CLOSE = "connection: close".getBytes(ISO_8859_1);
    private static final byte[] CHUNKED = "transfer-encoding: chunked".getBytes(ISO_8859_1);
    private static final byte[] EMPTY = {};

    private byte[] partialHead = EMPTY;
    private boolean headRead;
    private long bodyLeft;
    private int status;
    private int retryAfterSeconds;
    private boolean closing;

    /**
     * Takes the next bytes of the response.
     *
     * @return whether the response is complete
     * @throws ProtocolException when this is not a response with a {@code Content-Length}
     */
    boolean read(byte[] bytes, int length) throws ProtocolException {
        if (headRead) {
            bodyLeft -= length;
            return bodyLeft <= 0;
        }
        byte[] head = bytes;
        int size = length;
        if (partialHead.length > 0) {
            head = Arrays.copyOf(partialHead, partialHead.length + length);
            System.arraycopy(bytes, 0, head, partialHead.length, length);
            size = head.length;
        }
        int end = endOfHead(head, size);
        if (end < 0) {
            if (size > MAX_HEAD) {
                throw new ProtocolException("response headers are longer than " + MAX_HEAD + " bytes");
            }
            partialHead = Arrays.copyOf(head, size);
            return false;
        }
        readHead(head, end);
        headRead = true;
        bodyLeft -= size - end;
        return bodyLeft <= 0;
    }

    /** Prepares for the next response of the same connection. */
    void reset() {
        partialHead = EMPTY;
        headRead = false;
    }

    int status() {
        return status;
    }

    /** The value of {@code Retry-After} in seconds; 0 when the response has none. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether the server closes the connection after this response. */
    boolean isClosing() {
        return closing;
    }

    private static int endOfHead(byte[] bytes, int size) {
        for (int i = 3; i < size; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private void readHead(byte[] head, int end) throws ProtocolException {
        status = number(head, STATUS_OFFSET);
        bodyLeft = status == 204 || status == 304 ? 0 : -1;
        retryAfterSeconds = 0;
        closing = false;
        for (int line = nextLine(head, 0, end); line < end - 2; line = nextLine(head, line, end)) {
            if (startsWith(head, line, CONTENT_LENGTH)) {
                bodyLeft = number(head, line + CONTENT_LENGTH.length);
            } else if (startsWith(head, line, RETRY_AFTER)) {
                retryAfterSeconds = number(head, line + RETRY_AFTER.length);
            } else if (startsWith(head, line, CONNECTION_CLOSE)) {
                closing = true;
            } else if (startsWith(head, line, CHUNKED)) {
                throw new ProtocolException("chunked responses are not supported");
            }
        }
        if (bodyLeft < 0) {
            throw new ProtocolException("a response has no Content-Length: "
                    + new String(head, 0, Math.min(end, 200), ISO_8859_1).toLowerCase(Locale.ROOT));
        }
    }

    private static int nextLine(byte[] head, int from, int end) {
        int i = from;
        while (i < end && head[i] != '\n') {
            i++;
        }
        return i + 1;
    }

    private static boolean startsWith(byte[] head, int from, byte[] lowerCase) {
        if (from + lowerCase.length > head.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            int letter = head[from + i];
            int lower = letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] head, int from) {
        int i = from;
        while (head[i] == ' ') {
            i++;
        }
        int number = 0;
        for (; head[i] >= '0' && head[i] <= '9'; i++) {
            number = number * 10 + head[i] - '0';
        }
        return number;
    }
}
