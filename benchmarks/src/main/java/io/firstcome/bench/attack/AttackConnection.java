package io.firstcome.bench.attack;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import io.firstcome.bench.attack.Attack.Reading;
import io.firstcome.bench.attack.Attack.Sending;
import io.firstcome.bench.load.ResponseParser;

/** One connection of the bad caller. */
final class AttackConnection {

    private static final long TRICKLE_INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int SLOW_BYTES = 8;
    /** The kernel keeps little for a caller who does not read, so that the server sees the reading stop early. */
    private static final int SMALL_BUFFER = 4096;

    private final Attack attack;
    private final byte[] request;
    private final ByteBuffer output;
    private final ResponseParser response = new ResponseParser(true);
    private final IntConsumer answers;
    private SocketChannel channel;
    private SelectionKey key;
    private boolean counted;

    /**
     * @param request the bytes of each request
     * @param answers receives the status of each answer
     */
    AttackConnection(Attack attack, byte[] request, IntConsumer answers) {
        this.attack = attack;
        this.request = request;
        this.output = ByteBuffer.wrap(request);
        this.answers = answers;
    }

    void open(InetSocketAddress local, InetSocketAddress server, Selector selector) throws IOException {
        response.reset();
        counted = false;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (attack.reading() != Reading.ALL) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
        }
        channel.bind(local);
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(server);
    }

    boolean isOpen() {
        return channel != null && channel.isOpen() && channel.isConnected();
    }

    /**
     * Completes the connecting that the selector reported, and sends the first bytes.
     *
     * @return the nanoseconds until {@link #act} must be called; negative for never
     */
    long begin() throws IOException {
        channel.finishConnect();
        output.clear().limit(switch (attack.sending()) {
            case NOTHING -> 0;
            case HEAD_TRICKLED -> 1;
            case BODY_TRICKLED -> AttackRequests.bodyOf(request);
            case AFTER_ANSWER, WITHOUT_PAUSE -> request.length;
        });
        write();
        boolean trickles = attack.sending() == Sending.HEAD_TRICKLED || attack.sending() == Sending.BODY_TRICKLED;
        return trickles || attack.reading() == Reading.SLOWLY ? TRICKLE_INTERVAL : -1;
    }

    /**
     * Does what is due: sends one byte more, reads a few bytes, or sends the next request.
     *
     * @return the nanoseconds until the next call; negative for never
     */
    long act(ByteBuffer buffer) throws IOException {
        if (attack.reading() == Reading.SLOWLY) {
            if (read(buffer.clear().limit(SLOW_BYTES)) && channel.isOpen()) {
                output.clear();
                write();
            }
            return TRICKLE_INTERVAL;
        }
        switch (attack.sending()) {
            case HEAD_TRICKLED, BODY_TRICKLED -> {
                // The last byte is never sent.
                if (output.limit() < request.length - 1) {
                    output.limit(output.limit() + 1);
                    write();
                }
                return TRICKLE_INTERVAL;
            }
            case AFTER_ANSWER -> {
                output.clear();
                write();
            }
            case NOTHING, WITHOUT_PAUSE -> {
            }
        }
        return -1;
    }

    /**
     * Writes as much as the socket takes. A connection that sends without pause stays interested in writing, which also
     * reports that the server has closed the connection.
     */
    void write() throws IOException {
        channel.write(output);
        boolean more = attack.sending() == Sending.WITHOUT_PAUSE;
        if (more && !output.hasRemaining()) {
            output.clear();
        }
        int wanted = output.hasRemaining() ? SelectionKey.OP_WRITE : 0;
        wanted |= attack.reading() == Reading.ALL ? SelectionKey.OP_READ : 0;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /**
     * Reads what has arrived.
     *
     * @return whether an answer is complete, so that the next request is due after the pause of the attack
     * @throws EOFException when the server has closed the connection
     */
    boolean read(ByteBuffer buffer) throws IOException {
        int length = channel.read(buffer);
        if (length < 0) {
            throw new EOFException("the server closed the connection");
        }
        boolean complete = false;
        for (int from = 0; from < length;) {
            from = response.read(buffer.array(), from, length);
            if (response.hasStatus() && !counted) {
                answers.accept(response.status());
                counted = true;
            }
            if (response.isComplete()) {
                complete = true;
                if (response.isClosing()) {
                    close();
                }
                response.reset();
                counted = false;
            }
        }
        return complete && attack.sending() == Sending.AFTER_ANSWER;
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
