package io.firstcome.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The only network that these servers are on. */
final class Loopback {

    static final String ADDRESS = "127.0.0.1";

    private static final int PATIENCE_MS = 1_000;

    private Loopback() {}

    static InetSocketAddress at(int port) {
        return new InetSocketAddress(ADDRESS, port);
    }

    /** Asks whoever listens on {@code port}; nobody there, or nothing said within a second, is a no. */
    static boolean ask(int port, Question question) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(at(port), PATIENCE_MS);
            return question.isAnsweredBy(socket);
        } catch (IOException e) {
            return false;
        }
    }

    /** What a server says only when it is ready to serve. */
    @FunctionalInterface
    interface Question {
        boolean isAnsweredBy(Socket socket) throws IOException;
    }
}
