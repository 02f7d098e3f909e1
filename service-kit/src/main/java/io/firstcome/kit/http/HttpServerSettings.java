package io.firstcome.kit.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.settings.Setting;

/**
 * What an operator may want to set about a port that strangers reach.
 *
 * @param connections how many connections are open at once; further ones wait to be accepted until one ends
 * @param stopDelay how long a stop lets the service answer on while it already says that it is not ready
 * @param stopPatience how long a stop then waits for the requests under way, before it drops them
 * @param sendTimeout how long a client may take to send the headers of a request, and again its body, and how long it may
 *     read nothing of an answer
 */
public record HttpServerSettings(int connections, Duration stopDelay, Duration stopPatience, Duration sendTimeout) {

    private static final Duration LEAST_STOP_PATIENCE = Duration.ofSeconds(10);
    static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);

    private static final Setting<Integer> CONNECTIONS = Setting.number("FIRSTCOME_HTTP_CONNECTIONS_MAX", 10_000, 1,
            1_000_000, "connections", "Connections that each HTTP port has open at once; further ones wait for one to"
                    + " end. Each needs a file descriptor.");
    private static final Setting<Duration> STOP_DELAY = Setting.millis("FIRSTCOME_STOP_DELAY_MS", 0, 0, 300_000,
            "How long a service that is stopped still answers while its /readyz says 503, so that load balancers notice in"
                    + " time. Set it longer than the time between two of their checks.");

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(CONNECTIONS, STOP_DELAY);

    /** The settings of an environment. */
    public static HttpServerSettings from(Map<String, String> environment) {
        return new HttpServerSettings(CONNECTIONS.from(environment), STOP_DELAY.from(environment), LEAST_STOP_PATIENCE,
                SEND_TIMEOUT);
    }

    /** The same for a service whose answers may take so long, each within bounds of its own: a stop waits for them. */
    public HttpServerSettings answeringWithin(Duration longest) {
        Duration patience = longest.compareTo(stopPatience) > 0 ? longest : stopPatience;
        return new HttpServerSettings(connections, stopDelay, patience, sendTimeout);
    }
}
