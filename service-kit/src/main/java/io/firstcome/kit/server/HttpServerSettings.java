package io.firstcome.kit.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firstcome.kit.http.HttpLimits;
import io.firstcome.kit.settings.Setting;

/**
 * The settings of every HTTP port.
 *
 * @param connections how many connections may be open at once; further ones wait to be accepted
 * @param stopDelay how long a stopping service still answers while {@code /readyz} already says 503
 * @param stopTimeout how long a stop then waits for the requests in progress before it drops them
 * @param readTimeout how long a client may take to send the headers of a request, and again its body, and how long it
 *        may read nothing of a response
 */
public record HttpServerSettings(int connections, Duration stopDelay, Duration stopTimeout, Duration readTimeout) {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private static final Setting<Integer> CONNECTIONS = Setting.number("FIRSTCOME_HTTP_CONNECTIONS_MAX", 20_000, 1,
            1_000_000, "connections", "Connections that each HTTP port keeps open at once; further ones wait until"
                    + " one closes. Each needs a file descriptor.");
    private static final Setting<Duration> STOP_DELAY = Setting.millis("FIRSTCOME_STOP_DELAY_MS", 0, 0, 300_000,
            "How long a stopping service still answers while its /readyz says 503, so that load balancers notice in"
                    + " time. Set it longer than the interval of their health checks.");

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(CONNECTIONS, STOP_DELAY);

    /** The settings of an environment. */
    public static HttpServerSettings from(Map<String, String> environment) {
        return new HttpServerSettings(CONNECTIONS.from(environment), STOP_DELAY.from(environment), STOP_TIMEOUT,
                HttpLimits.READ_TIMEOUT);
    }

    /** The same settings with a stop timeout of at least {@code longest}, the time that one answer may take. */
    public HttpServerSettings answeringWithin(Duration longest) {
        Duration timeout = longest.compareTo(stopTimeout) > 0 ? longest : stopTimeout;
        return new HttpServerSettings(connections, stopDelay, timeout, readTimeout);
    }
}
