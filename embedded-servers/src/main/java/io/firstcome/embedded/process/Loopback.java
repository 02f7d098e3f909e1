package io.firstcome.embedded.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The loopback interface, the only one that the embedded servers listen on. */
public final class Loopback {

    public static final String ADDRESS = "127.0.0.1";

    private static final int TIMEOUT_MS = 1_000;

    private Loopback() {}

    public static InetSocketAddress at(int port) {
        return new InetSocketAddress(ADDRESS, port);
    }

    /** Connects to {@code port} and runs the probe; false when the connection fails or nothing arrives within 1 s. */
    public static boolean probe(int port, Probe probe) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(at(port), TIMEOUT_MS);
            return probe.isReady(socket);
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells from the bytes that a server sends whether it is ready. */
    @FunctionalInterface
    public interface Probe {
        boolean isReady(Socket socket) throws IOException;
    }
}
