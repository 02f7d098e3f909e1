package io.firstcome.embedded;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports that nobody listens on. */
public final class FreePort {

    /**
     * Below the range that systems give to outgoing connections. A port from that range could be taken by any client
     * while its server is down, even by a client that then finds itself connected to itself.
     */
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_767;
    private static final int ATTEMPTS = 1_000;
    private static final int BLOCK = 64;

    /** Open as long as this process lives, and never collected: each keeps other processes from the ports that follow. */
    private static final List<ServerSocket> CLAIMS = new ArrayList<>();
    private static int next;
    private static int end;

    private FreePort() {}

    /**
     * A port that is free now, that this process has not been given before, and that no other process is given while this
     * one lives: whoever is told it may bind it later.
     */
    public static synchronized int pick() {
        while (true) {
            while (next < end) {
                int port = next++;
                if (isFree(port)) {
                    return port;
                }
            }
            claimBlock();
        }
    }

    /** Whoever listens on the first port of a block owns the others: one process at a time, and none once it has ended. */
    private static void claimBlock() {
        int first = ThreadLocalRandom.current().ints(ATTEMPTS, 0, (HIGHEST + 1 - LOWEST) / BLOCK)
                .map(block -> LOWEST + block * BLOCK)
                .filter(FreePort::claim)
                .findFirst()
                .orElseThrow(() -> new ServerStartFailure("no free port from " + LOWEST + " to " + HIGHEST));
        next = first + 1;
        end = first + BLOCK;
    }

    private static boolean claim(int first) {
        try {
            CLAIMS.add(listen(first));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Makes sure that {@code server} can have {@code port}.
     *
     * @throws ServerStartFailure when somebody listens there already
     */
    public static void require(String server, int port) {
        if (!isFree(port)) {
            throw new ServerStartFailure(
                    "port " + port + " for " + server + " is in use: stop what listens there or choose another port");
        }
    }

    /** The {@code port} that {@code server} was told to use, or any where it was told 0. */
    static int resolve(String server, int port) {
        if (port == 0) {
            return pick();
        }
        require(server, port);
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = listen(port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // Connections of an earlier server that are still winding down must not count as a listener.
            socket.setReuseAddress(true);
            socket.bind(Loopback.at(port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
