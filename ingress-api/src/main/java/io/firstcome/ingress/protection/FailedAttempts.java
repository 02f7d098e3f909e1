package io.firstcome.ingress.protection;

import java.net.InetAddress;

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
     * To be asked before a secret is looked at: else the right one would be told from the wrong ones by its answer.
     *
     * @throws io.firstcome.kit.http.ProblemException 429 when too many have failed
     */
    public void requireFew(Context context) {
        limit.requireSomeLeft(context, address.network(context));
    }

    /** Counts one more. */
    public void count(Context context) {
        limit.count(address.network(context));
    }
}
