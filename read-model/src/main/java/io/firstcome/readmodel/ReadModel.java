package io.firstcome.readmodel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.Topics;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.TopicTail;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What an ingress knows because it has read it in the log: coupons, requests, events. It starts anew with each process. */
public final class ReadModel implements AutoCloseable {

    /** Outcomes carry their command's time: thus no claim is read whose outcome is not. */
    private static final Duration OUTCOMES_BEFORE = Duration.ofMinutes(1);

    private final CouponChangeNotifier moves = new CouponChangeNotifier();
    private final CouponRegistry registry = new CouponRegistry(moves::changed);
    private final RequestTracker board;
    private final EventBuffers feeds;
    private final TopicTail<?> states;
    private final TopicTail<?> claims;
    private final TopicTail<?> outcomes;

    /** Starts to read. */
    public ReadModel(KafkaClients kafka, RequestSettings requestSettings, EventSettings eventSettings,
            MeterRegistry meters) {
        Duration kept = requestSettings.kept();
        board = new RequestTracker(requestSettings, System::nanoTime);
        feeds = new EventBuffers(eventSettings, kafka::partitionOf);
        states = TopicTail.fromTheBeginning(kafka, Topics.STATES, read -> registry.learn(read.value()), meters);
        claims = TopicTail.from(kept, kafka, Topics.COMMANDS, new ClaimListener(board), meters);
        outcomes = TopicTail.from(kept.plus(OUTCOMES_BEFORE), kafka, Topics.OUTCOMES,
                new OutcomeListener(registry, moves, feeds, board), meters);
        Gauge.builder("firstcome.requests.waiting", board, RequestTracker::waiting).register(meters);
    }

    /** Adds what reading means for readiness and liveness. */
    public void addTo(Health health) {
        health.readyWhen("coupons", states::problem).readyWhen("claims", claims::problem).readyWhen("verdicts",
                outcomes::problem).liveWhen("reading", this::deadReader);
    }

    private Optional<String> deadReader() {
        boolean alive = Stream.of(states, claims, outcomes).allMatch(TopicTail::isAlive);
        return alive ? Optional.empty() : Optional.of("has ended, see the log");
    }

    /** Wakes the claims that wait for a coupon to change. */
    public CouponChangeNotifier moves() {
        return moves;
    }

    /** The coupons. */
    public CouponRegistry registry() {
        return registry;
    }

    /** The requests. */
    public RequestTracker board() {
        return board;
    }

    /** The events of each coupon. */
    public EventBuffers feeds() {
        return feeds;
    }

    /**
     * Whether it has read what there was a moment ago: else a coupon may be defined that it does not know, and one that it
     * takes for sold out may have been restocked.
     */
    public boolean isCurrent() {
        return states.isCurrent() && outcomes.isCurrent();
    }

    /** Whether it also knows every request that was sent: else a key may have been used that it takes for a new one. */
    public boolean knowsClaims() {
        return isCurrent() && claims.isCurrent();
    }

    /** Reads no more. Whoever waits for news is let go before, by closing the board. */
    @Override
    public void close() {
        // In parallel: the close of each consumer waits for the fetch that the broker holds.
        List.of(outcomes, claims, states).stream().map(tail -> Thread.ofVirtual().start(tail::close)).toList()
                .forEach(ReadModel::join);
    }

    private static void join(Thread closing) {
        try {
            closing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
