package io.firstcome.embedded;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /** A port that is free now and that this process has not been given before. */
    public static int pick() {
        return ThreadLocalRandom.current().ints(ATTEMPTS, LOWEST, HIGHEST + 1)
                .filter(port -> isFree(port) && HANDED_OUT.add(port))
                .findFirst()
                .orElseThrow(() -> new ServerStartFailure("no free port from " + LOWEST + " to " + HIGHEST));
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
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of an earlier server that are still winding down must not count as a listener.
            socket.setReuseAddress(true);
            socket.bind(Loopback.at(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
