package io.firstcome.embedded.process;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Finds free ports on the loopback interface. */
public final class FreePort {

    /**
     * Below the range of ephemeral ports. While a server is down, any client could get an ephemeral port as its local
     * port, even a client of that server, which would then connect to itself.
     */
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_767;
    private static final int ATTEMPTS = 1_000;
    private static final int BLOCK_SIZE = 64;

    /** One open socket for each block of ports of this process. It keeps other processes from using the block. */
    private static final List<ServerSocket> BLOCKS = new ArrayList<>();
    private static int next;
    private static int end;

    private FreePort() {}

    /**
     * Returns a free port. It is never returned again, neither in this process nor, as long as this process runs, in
     * another, so the caller may bind it later.
     */
    public static synchronized int pick() {
        while (true) {
            while (next < end) {
                int port = next++;
                if (isFree(port)) {
                    return port;
                }
            }
            reserveBlock();
        }
    }

    /** A process reserves a block by listening on its first port. The operating system ends the reservation. */
    private static void reserveBlock() {
        int first = ThreadLocalRandom.current().ints(ATTEMPTS, 0, (HIGHEST + 1 - LOWEST) / BLOCK_SIZE)
                .map(block -> LOWEST + block * BLOCK_SIZE)
                .filter(FreePort::reserve)
                .findFirst()
                .orElseThrow(() -> new ServerStartFailure("no free port from " + LOWEST + " to " + HIGHEST));
        next = first + 1;
        end = first + BLOCK_SIZE;
    }

    private static boolean reserve(int first) {
        try {
            BLOCKS.add(listen(first));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Checks that {@code port} is free.
     *
     * @param server the server that needs the port, for the message
     * @throws ServerStartFailure when another process listens on the port
     */
    public static void require(String server, int port) {
        if (!isFree(port)) {
            throw new ServerStartFailure("port " + port + " for " + server
                    + " is in use: stop the process that uses it or choose another port");
        }
    }

    /** The given port after a check that it is free, or any free port for 0. */
    public static int resolve(String server, int port) {
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
            // Connections of an earlier server in TIME_WAIT must not make the port appear in use.
            socket.setReuseAddress(true);
            socket.bind(Loopback.at(port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
