package io.firstcome.standalone.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A client for idempotent JSON requests to one HTTP/1.1 server. Each request occupies one connection and blocks the
 * calling thread, which should be virtual.
 *
 * <p>The demo runs on the processors of the system that it measures. The client of the JDK would use more of their time
 * than the system does, so this one supports only what the API of the system needs: no redirects, no TLS, answers with
 * a {@code Content-Length}.
 */
final class KeepAliveClient implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final URI server;
    private final int timeoutMillis;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();

    /** @param timeout how long an answer may take */
    KeepAliveClient(String url, Duration timeout) {
        this.server = URI.create(url);
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    /** The answer to a request. */
    record HttpAnswer(int status, byte[] body) {}

    /**
     * Sends a request and waits for the answer.
     *
     * @throws IOException when there is no complete answer; the server may or may not have processed the request
     */
    HttpAnswer send(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        byte[] request = bytes(method, path, headers, body);
        Connection reused = idle.pollFirst();
        if (reused != null) {
            try {
                return exchange(reused, request);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException _) {
                // The server may close an idle connection at any time, so the request is repeated on a new one.
            }
        }
        return exchange(new Connection(), request);
    }

    private HttpAnswer exchange(Connection connection, byte[] request) throws IOException {
        try {
            HttpAnswer answer = connection.exchange(request);
            if (connection.isPersistent()) {
                idle.addFirst(connection);
            } else {
                connection.close();
            }
            return answer;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private byte[] bytes(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(server.getAuthority())
                .append("\r\nContent-Type: application/json\r\nContent-Length: ").append(body.length).append("\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        var request = new ByteArrayOutputStream(head.length() + 2 + body.length);
        request.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
        request.write(body);
        return request.toByteArray();
    }

    @Override
    public void close() {
        for (Connection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            each.close();
        }
    }

    /** One connection, used by one thread at a time. */
    private final class Connection {

        private final Socket socket = new Socket();
        private final InputStream input;
        private boolean persistent = true;

        Connection() throws IOException {
            try {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(timeoutMillis);
                socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), CONNECT_TIMEOUT_MILLIS);
                input = new BufferedInputStream(socket.getInputStream(), 2048);
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        HttpAnswer exchange(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            String statusLine = line();
            if (!statusLine.startsWith("HTTP/1.1 ") || statusLine.length() < 12) {
                throw new ProtocolException("not an HTTP/1.1 answer: " + statusLine);
            }
            int status = Integer.parseInt(statusLine, 9, 12, 10);
            int length = -1;
            for (String line = line(); !line.isEmpty(); line = line()) {
                String header = line.toLowerCase(Locale.ROOT);
                length = header.startsWith("content-length:") ? Integer.parseInt(header.substring(15).strip()) : length;
                persistent &= !(header.startsWith("connection:") && header.contains("close"));
            }
            if (length < 0) {
                throw new ProtocolException("an answer without Content-Length: " + statusLine);
            }
            byte[] body = input.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("the connection ended within an answer");
            }
            return new HttpAnswer(status, body);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder(64);
            for (int next = input.read(); next != '\n'; next = input.read()) {
                if (next < 0) {
                    throw new EOFException("the connection ended before an answer");
                }
                line.append((char) next);
            }
            return line.toString().stripTrailing();
        }

        boolean isPersistent() {
            return persistent;
        }

        void close() {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // The connection is not used any more.
        }
    }
}
