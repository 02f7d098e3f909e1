package io.firstcome.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One HTTP/1.1 keep-alive connection with at most one claim at a time. */
final class Connection {

    private final InetSocketAddress local;
    private final InetSocketAddress address;
    private final Selector selector;
    private final ByteBuffer output;
    private final ResponseParser response = new ResponseParser();
    private SocketChannel channel;
    private SelectionKey key;
    private Attempt attempt;
    private boolean connected;

    /**
     * One attempt to send a claim.
     *
     * @param number the number of the claim
     * @param since the {@code System.nanoTime()} from which the latency of the claim counts
     */
    record Attempt(long number, long since) {}

    /** @param local the address to connect from; null for the one that the system chooses */
    Connection(InetSocketAddress local, InetSocketAddress address, Selector selector, int maxRequestSize) {
        this.local = local;
        this.address = address;
        this.selector = selector;
        this.output = ByteBuffer.allocateDirect(maxRequestSize);
        output.flip();
    }

    /** Starts to connect. The selector reports when the connection is open. */
    void open() throws IOException {
        response.reset();
        connected = false;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // A closed connection otherwise keeps its port for a minute, and the search for a free one slows down later
        // rounds.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        if (local != null) {
            channel.bind(local);
        }
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(address);
    }

    /**
     * Completes the connecting that the selector reported.
     *
     * @throws IOException when the server refused the connection
     */
    void finishConnect() throws IOException {
        channel.finishConnect();
        connected = true;
        key.interestOps(SelectionKey.OP_READ);
    }

    /** Whether the connection has been open since the last {@link #open}. */
    boolean wasOpen() {
        return connected;
    }

    /** The claim without an answer; null when the connection is idle. */
    Attempt attempt() {
        return attempt;
    }

    void send(Attempt next, ClaimRequests requests) throws IOException {
        attempt = next;
        requests.render(next.number(), output);
        write();
    }

    /** Writes as much as the socket takes; the selector reports when the socket takes more. */
    void write() throws IOException {
        channel.write(output);
        int wanted = output.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /**
     * Reads what has arrived.
     *
     * @param buffer a heap buffer for temporary use
     * @return whether the response to the claim is complete
     * @throws EOFException when the server has closed the connection
     */
    boolean read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        int length = channel.read(buffer);
        if (length < 0) {
            throw new EOFException("the server closed the connection");
        }
        return length > 0 && response.read(buffer.array(), length);
    }

    /** The response that {@link #read} completed. */
    ResponseParser response() {
        return response;
    }

    /** Makes the connection idle. */
    void finish() {
        attempt = null;
        response.reset();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The connection is dropped anyway; the cause of the drop is counted by the caller.
            key.cancel();
        }
    }
}
