package io.firstcome.readmodel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.CatchUpStatus;
import io.firstcome.readmodel.tail.TopicTail;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What one ingress has read of the topics: coupons, requests, events. It is in memory and starts empty. */
public final class ReadModel implements AutoCloseable {

    /** Outcomes are read from further back than claims, so that no claim is read without its outcome. */
    private static final Duration OUTCOME_MARGIN = Duration.ofMinutes(1);

    private final CouponChangeNotifier changes = new CouponChangeNotifier();
    private final CouponRegistry registry = new CouponRegistry(changes::wakeAll);
    private final RequestTracker requests;
    private final EventBuffers events;
    private final TopicTail<?> stateTail;
    private final TopicTail<?> claimTail;
    private final TopicTail<?> outcomeTail;
    private final CatchUpStatus couponStatus;
    private final CatchUpStatus claimStatus;

    /** Starts to read. */
    public ReadModel(KafkaClients kafka, RequestSettings requestSettings, EventSettings eventSettings,
            MeterRegistry meters) {
        Duration retention = requestSettings.retention();
        requests = new RequestTracker(requestSettings, System::nanoTime);
        events = new EventBuffers(eventSettings, kafka::partitionOf);
        stateTail = TopicTail.fromTheBeginning(kafka, Topics.STATES, read -> registry.apply(read.value()), meters);
        claimTail = TopicTail.from(retention, kafka, Topics.COMMANDS, new ClaimListener(requests), meters);
        outcomeTail = TopicTail.from(retention.plus(OUTCOME_MARGIN), kafka, Topics.OUTCOMES,
                new OutcomeListener(registry, changes, events, requests), meters);
        couponStatus = CatchUpStatus.all(stateTail, outcomeTail);
        claimStatus = CatchUpStatus.all(couponStatus, claimTail);
        Gauge.builder("firstcome.requests.waiting", requests, RequestTracker::waiting).register(meters);
    }

    /** Adds the checks of the three topics: ready while they are read up to now, live while their loops run. */
    public void addTo(Health health) {
        health.readyWhen("coupons", stateTail::readProblem)
                .readyWhen("claims", claimTail::readProblem)
                .readyWhen("outcomes", outcomeTail::readProblem)
                .liveWhen("reading", this::loopProblem);
    }

    private Optional<String> loopProblem() {
        return Stream.of(stateTail, claimTail, outcomeTail).flatMap(tail -> tail.loopProblem().stream()).findFirst();
    }

    /** The coupons. */
    public CouponRegistry registry() {
        return registry;
    }

    /** Wakes claims that wait for a coupon to change. */
    public CouponChangeNotifier changes() {
        return changes;
    }

    /** The requests. */
    public RequestTracker requests() {
        return requests;
    }

    /** The events of each coupon. */
    public EventBuffers events() {
        return events;
    }

    /**
     * Whether the coupons have been read up to now, from states and outcomes. Otherwise the registry may lack a coupon,
     * and a coupon that looks sold out may have more stock.
     */
    public CatchUpStatus couponStatus() {
        return couponStatus;
    }

    /**
     * Whether the coupons and all claims have been read up to now. Otherwise a key that looks new may have been used
     * for another request.
     */
    public CatchUpStatus claimStatus() {
        return claimStatus;
    }

    /** Stops reading. Close the tracker first: its waiters would wait for records that no loop reads any more. */
    @Override
    public void close() {
        // In parallel: the close of each consumer waits for the fetch that the broker holds.
        List.of(outcomeTail, claimTail, stateTail).stream().map(tail -> Thread.ofVirtual().start(tail::close)).toList()
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
