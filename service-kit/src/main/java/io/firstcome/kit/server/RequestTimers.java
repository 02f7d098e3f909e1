package io.firstcome.kit.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** The timers {@code http.server.requests} of one port. A look-up in the registry for each request would be slow. */
final class RequestTimers {

    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final MeterRegistry meters;

    RequestTimers(MeterRegistry meters) {
        this.meters = meters;
    }

    private record Key(String method, String route, int status) {}

    void record(String method, String route, int status, long nanos) {
        timer(method, route, status).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(String method, String route, int status) {
        return timers.computeIfAbsent(new Key(method, route, status), this::register);
    }

    private Timer register(Key key) {
        return Meters.HTTP_REQUESTS.register(meters, key.method, key.route, String.valueOf(key.status));
    }
}
