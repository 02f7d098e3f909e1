package io.firstcome.ingress.limits;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what was sent with a wrong secret, by address: whoever guesses soon guesses in vain. */
public final class FailedAttempts {

    private final ClientAddress address;
    private final RateLimit<InetAddress> limit;

    /**
     * @param name of the limit, to clients and in the metrics
     * @param perMinute how many may fail in a minute
     */
    public FailedAttempts(String name, int perMinute, ClientAddress address, MeterRegistry meters) {
        this.address = address;
        this.limit = new RateLimit<>(Rate.perMinute(name, perMinute), TimeMeter.SYSTEM_NANOTIME, meters);
    }

    /**
     * Looks at a secret. It counts as wrong from before that until it proves right or nothing can be told of it: else
     * whoever guesses would have as many looked at as can be sent at once, and know the right one by its answer.
     *
     * @param look gives what the secret proves, empty when it is wrong
     * @return the same
     * @throws io.firstcome.kit.http.ProblemException 429 when too many have failed
     */
    public <T> Optional<T> attempt(Context context, Supplier<Optional<T>> look) {
        InetAddress from = address.network(context);
        limit.take(context, from);
        boolean failed = false;
        try {
            Optional<T> proved = look.get();
            failed = proved.isEmpty();
            return proved;
        } finally {
            if (!failed) {
                limit.giveBack(from);
            }
        }
    }
}
