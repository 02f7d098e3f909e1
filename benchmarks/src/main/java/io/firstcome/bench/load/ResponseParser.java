package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the responses of one connection: the status, {@code Retry-After}, and the length of the body. The body is kept
 * only of an answer that asks for a repetition, because its problem tells why; other bodies are skipped.
 */
public final class ResponseParser {

    private static final int MAX_HEAD = 64 * 1024;
    private static final int STATUS_OFFSET = "HTTP/1.1 ".length();
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(ISO_8859_1);
    private static final byte[] RETRY_AFTER = "retry-after:".getBytes(ISO_8859_1);
    private static final byte[] CONNECTION_CLOSE = "connection: close".getBytes(ISO_8859_1);
    private static final byte[] CHUNKED = "transfer-encoding: chunked".getBytes(ISO_8859_1);
    private static final byte[] EMPTY = {};
    private static final int MAX_REFUSAL = 1024;
    private static final Pattern PROBLEM_TYPE = Pattern.compile("\"type\"\\s*:\\s*\"(?:[^\"]*[:/])?([^\":/]+)\"");

    private final boolean streams;
    private byte[] partialHead = EMPTY;
    private boolean headRead;
    private long bodyLeft;
    private int status;
    private int retryAfterSeconds;
    private boolean closing;
    /** The beginning of the body of an answer that asks for a repetition. */
    private String refusal = "";

    ResponseParser() {
        this(false);
    }

    /** @param streams whether responses without a {@code Content-Length} are accepted; such a response has no end */
    public ResponseParser(boolean streams) {
        this.streams = streams;
    }

    /**
     * Takes the next bytes of the response. No other response follows it without another request.
     *
     * @return whether the response is complete
     * @throws ProtocolException when this is not a response that can be read
     */
    boolean read(byte[] bytes, int length) throws ProtocolException {
        read(bytes, 0, length);
        return isComplete();
    }

    /**
     * Takes bytes up to the end of the response.
     *
     * @param from the index of the first byte
     * @param to the index after the last byte
     * @return the index of the first byte that is not part of the response
     * @throws ProtocolException when this is not a response that can be read
     */
    public int read(byte[] bytes, int from, int to) throws ProtocolException {
        if (headRead) {
            return from + takeBody(bytes, from, to);
        }
        int before = partialHead.length;
        byte[] head = bytes;
        int size = to;
        if (before > 0 || from > 0) {
            size = before + to - from;
            head = Arrays.copyOf(partialHead, size);
            System.arraycopy(bytes, from, head, before, to - from);
        }
        int end = endOfHead(head, size);
        if (end < 0) {
            if (size > MAX_HEAD) {
                throw new ProtocolException("response headers are longer than " + MAX_HEAD + " bytes");
            }
            partialHead = Arrays.copyOf(head, size);
            return to;
        }
        readHead(head, end);
        headRead = true;
        return from + end - before + takeBody(head, end, size);
    }

    private int takeBody(byte[] bytes, int from, int to) {
        int taken = (int) Math.min(bodyLeft, to - from);
        bodyLeft -= taken;
        if (asksForRepetition() && refusal.length() < MAX_REFUSAL) {
            refusal += new String(bytes, from, taken, ISO_8859_1);
        }
        return taken;
    }

    /** Whether the answer is 429 or 503: the same claim may get another answer later. */
    boolean asksForRepetition() {
        return status == 429 || status == 503;
    }

    /** The name at the end of the problem's {@code type}; the status where the answer is no problem document. */
    String problem() {
        Matcher type = PROBLEM_TYPE.matcher(refusal);
        return type.find() ? type.group(1) : String.valueOf(status);
    }

    /** Whether the response has been read to its end. */
    public boolean isComplete() {
        return headRead && bodyLeft == 0;
    }

    /** Whether the status is known. */
    public boolean hasStatus() {
        return headRead;
    }

    /** Prepares for the next response of the same connection. */
    public void reset() {
        partialHead = EMPTY;
        headRead = false;
        refusal = "";
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The value of {@code Retry-After} in seconds; 0 when the response has none. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether the server closes the connection after this response. */
    public boolean isClosing() {
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
            } else if (startsWith(head, line, CHUNKED) && !streams) {
                throw new ProtocolException("chunked responses are not supported");
            }
        }
        if (bodyLeft < 0 && streams) {
            bodyLeft = Long.MAX_VALUE;
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
