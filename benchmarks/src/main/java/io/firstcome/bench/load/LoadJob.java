package io.firstcome.bench.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One load that the generator sends.
 *
 * @param url the base address of the system under load
 * @param claims the claims to send
 * @param arrivals when claims are sent
 * @param perSecond the mean rate of {@link Arrivals#OPEN_LOOP}, otherwise 0
 * @param connections the number of connections, each with one claim at a time
 * @param connectFirst whether all connections are open before the first claim is sent
 * @param retry whether a claim is sent again after 429, 503 or a broken connection, until it gets another answer
 * @param requests how many claims are sent at most
 * @param millis the time after which no further claim is sent, in milliseconds
 * @param callers who sends the claims
 */
public record LoadJob(String url, ClaimPattern claims, Arrivals arrivals, double perSecond, int connections,
        boolean connectFirst, boolean retry, long requests, long millis, Callers callers) {

    private static final long NO_LIMIT = 1_000_000_000L;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /**
     * Who sends the claims.
     *
     * @param addresses the local addresses of the connections, in turn; empty for the one that the system chooses
     * @param tokens a file with one bearer token per line, all of the same length, the first one for the first user;
     *        null for claims without a token
     */
    public record Callers(List<String> addresses, String tokens) {

        static final Callers UNIDENTIFIED = new Callers(List.of(), null);

        public Callers {
            addresses = List.copyOf(addresses);
        }
    }

    /** When the generator sends the next claim. */
    public enum Arrivals {
        /** As soon as a connection is free. Finds the maximum; its latency says nothing about users who do not wait. */
        CLOSED_LOOP,
        /** At random times with a given mean rate, no matter whether earlier claims are answered. */
        OPEN_LOOP,
        /** All users press at the start; a user for whom no connection is free waits for one. */
        AT_ONCE
    }

    /** Sends claims for a while, each as soon as one of the connections is free. */
    public static LoadJob closedLoop(URI url, ClaimPattern claims, int connections, Duration duration) {
        return new LoadJob(url.toString(), claims, Arrivals.CLOSED_LOOP, 0, connections, true, false, NO_LIMIT,
                duration.toMillis(), Callers.UNIDENTIFIED);
    }

    /** Sends a number of claims, each as soon as one of the connections is free, and repeats what was refused. */
    public static LoadJob closedLoop(URI url, ClaimPattern claims, int connections, long requests) {
        return new LoadJob(url.toString(), claims, Arrivals.CLOSED_LOOP, 0, connections, true, true, requests,
                LONGEST.toMillis(), Callers.UNIDENTIFIED);
    }

    /** Sends claims for a while at random times with the mean rate {@code perSecond}. */
    public static LoadJob openLoop(URI url, ClaimPattern claims, int connections, double perSecond,
            Duration duration) {
        return new LoadJob(url.toString(), claims, Arrivals.OPEN_LOOP, perSecond, connections, true, false, NO_LIMIT,
                duration.toMillis(), Callers.UNIDENTIFIED);
    }

    /** Lets {@code requests} users press at the same time, each of whom repeats the claim until it is answered. */
    public static LoadJob atOnce(URI url, ClaimPattern claims, int connections, long requests) {
        return new LoadJob(url.toString(), claims, Arrivals.AT_ONCE, 0, connections, true, true, requests,
                LONGEST.toMillis(), Callers.UNIDENTIFIED);
    }

    /** Whether the load ends after a time and not after a number of claims. */
    boolean isTimed() {
        return requests == NO_LIMIT;
    }

    /** The same load over connections that are opened when the load starts. */
    public LoadJob overNewConnections() {
        return new LoadJob(url, claims, arrivals, perSecond, connections, false, retry, requests, millis, callers);
    }

    /** The same load, sent by these callers. */
    public LoadJob by(Callers others) {
        return new LoadJob(url, claims, arrivals, perSecond, connections, connectFirst, retry, requests, millis,
                others);
    }
}
