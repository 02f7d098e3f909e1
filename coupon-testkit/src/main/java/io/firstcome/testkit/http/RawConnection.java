package io.firstcome.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A TCP connection to an HTTP server that sends arbitrary bytes, including malformed requests that an HTTP client would
 * not send, and reads well-formed responses.
 */
public final class RawConnection implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Socket socket = new Socket();
    private final InputStream in;

    private RawConnection(URI server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), (int) TIMEOUT.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** @param url the server's URL, for example {@code http://127.0.0.1:8080} */
    public static RawConnection to(String url) throws IOException {
        return new RawConnection(URI.create(url));
    }

    /** Sends text as ISO-8859-1: one byte for each character. */
    public void send(String text) throws IOException {
        send(text.getBytes(ISO_8859_1));
    }

    /** Sends bytes unchanged. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Closes the sending direction of the connection. */
    public void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /**
     * Waits for one response. An interim response with status 100 is skipped.
     *
     * @throws EOFException when the server closed the connection before a complete response
     * @throws java.net.SocketTimeoutException when nothing was received for 30 s
     */
    public RawAnswer receive() throws IOException {
        RawAnswer head = receiveHead();
        return head.status() == 100
                ? receive()
                : new RawAnswer(head.status(), head.headers(), body(head.headers()));
    }

    /** Waits for one response with another read timeout. */
    public RawAnswer receive(Duration readTimeout) throws IOException {
        socket.setSoTimeout((int) readTimeout.toMillis());
        try {
            return receive();
        } finally {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
        }
    }

    /** Waits for the response to a HEAD request. It has no body, even with a {@code Content-Length} header. */
    public RawAnswer receiveHead() throws IOException {
        String[] statusLine = line().split(" ", 3);
        return new RawAnswer(Integer.parseInt(statusLine[1]), headers(), new byte[0]);
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            return chunks();
        }
        return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("connection closed after '" + line.toString(ISO_8859_1) + "'");
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
