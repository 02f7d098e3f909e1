package io.firstcome.ingress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.Topics;
import io.firstcome.ingress.events.CouponFeeds;
import io.firstcome.ingress.kafka.KafkaClients;
import io.firstcome.ingress.kafka.TopicTail;
import io.firstcome.ingress.registry.CouponMoves;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.verdict.VerdictBoard;
import io.firstcome.kit.health.Health;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What an ingress knows because it has read it in the log: coupons, requests, events. It starts anew with each process. */
final class LogMemory implements AutoCloseable {

    /** Outcomes carry their command's time: thus no claim is read whose outcome is not. */
    private static final Duration OUTCOMES_BEFORE = Duration.ofMinutes(1);

    private final CouponMoves moves = new CouponMoves();
    private final CouponRegistry registry = new CouponRegistry(moves::changed);
    private final VerdictBoard board;
    private final CouponFeeds feeds;
    private final TopicTail<?> states;
    private final TopicTail<?> claims;
    private final TopicTail<?> outcomes;

    /** Starts to read. */
    LogMemory(KafkaClients kafka, IngressSettings settings, MeterRegistry meters) {
        Duration kept = settings.verdicts().kept();
        board = new VerdictBoard(settings.verdicts(), System::nanoTime);
        feeds = new CouponFeeds(settings.events(), kafka::partitionOf);
        states = TopicTail.fromTheBeginning(kafka, Topics.STATES, read -> registry.learn(read.value()), meters);
        claims = TopicTail.from(kept, kafka, Topics.COMMANDS, new ClaimReader(board), meters);
        outcomes = TopicTail.from(kept.plus(OUTCOMES_BEFORE), kafka, Topics.OUTCOMES,
                new OutcomeReader(registry, moves, feeds, board), meters);
        Gauge.builder("firstcome.verdicts.waiting", board, VerdictBoard::waiting).register(meters);
    }

    void addTo(Health health) {
        health.readyWhen("coupons", states::problem).readyWhen("claims", claims::problem).readyWhen("verdicts",
                outcomes::problem).liveWhen("reading", this::deadReader);
    }

    private Optional<String> deadReader() {
        boolean alive = Stream.of(states, claims, outcomes).allMatch(TopicTail::isAlive);
        return alive ? Optional.empty() : Optional.of("has ended, see the log");
    }

    CouponMoves moves() {
        return moves;
    }

    CouponRegistry registry() {
        return registry;
    }

    VerdictBoard board() {
        return board;
    }

    CouponFeeds feeds() {
        return feeds;
    }

    /**
     * Whether it has read what there was a moment ago: else a coupon may be defined that it does not know, and one that it
     * takes for sold out may have been restocked.
     */
    boolean isCurrent() {
        return states.isCurrent() && outcomes.isCurrent();
    }

    /** Whether it also knows every request that was sent: else a key may have been used that it takes for a new one. */
    boolean knowsClaims() {
        return isCurrent() && claims.isCurrent();
    }

    /** Reads no more. Whoever waits for news is let go before, by closing the board. */
    @Override
    public void close() {
        List.of(outcomes, claims, states).forEach(TopicTail::close);
    }
}
