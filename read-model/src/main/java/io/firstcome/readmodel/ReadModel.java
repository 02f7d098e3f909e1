package io.firstcome.readmodel;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.coupons.HolderSettings;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.OwnAppends;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.StartTime;
import io.firstcome.readmodel.tail.TopicTail;
import io.micrometer.core.instrument.MeterRegistry;

/** What one ingress has read of the topics: coupons, requests, events. It is in memory and starts empty. */
public final class ReadModel implements AutoCloseable {

    /** Outcomes are read from further back than claims, so that no claim is read without its outcome. */
    private static final Duration OUTCOME_MARGIN = Duration.ofMinutes(1);
    /** A transaction with one outcome takes two offsets: the outcome's and the marker's. */
    private static final long OFFSETS_PER_OUTCOME = 2;

    private final CouponChangeNotifier changes = new CouponChangeNotifier();
    private final CouponRegistry registry = new CouponRegistry(changes::wakeAll);
    private final CouponHolders holders;
    private final RequestTracker requests;
    private final UnknownClaims unknownClaims;
    private final OwnAppends ownAppends;
    private final EventBuffers events;
    private final TopicTail<?> stateTail;
    private final TopicTail<?> claimTail;
    private final TopicTail<?> outcomeTail;
    private final CouponCatchUp couponCatchUp;
    private final CouponCatchUp claimCatchUp;
    private final CouponLookup coupons;

    /** Starts to read. */
    public ReadModel(KafkaClients kafka, RequestSettings requestSettings, HolderSettings holderSettings,
            EventSettings eventSettings, MeterRegistry meters) {
        Duration retention = requestSettings.retention();
        holders = new CouponHolders(holderSettings.max());
        unknownClaims = new UnknownClaims(kafka::partitionOf, kafka.partitionsOf(Topics.COMMANDS).size());
        requests = new RequestTracker(requestSettings, System::nanoTime, unknownClaims::forgotten);
        ownAppends = new OwnAppends(kafka.partitionsOf(Topics.COMMANDS).size());
        events = new EventBuffers(eventSettings, kafka::partitionOf);
        stateTail = TopicTail.fromTheBeginning(kafka, Topics.STATES,
                read -> registry.apply(read.value(), read.at()), meters);
        // An outcome's record has the time of its command's record. So these start times miss no outcome of a claim
        // that is read, and at least as many claims are read as are remembered. In each partition at least the last
        // command is read, whose outcome tells that all commands before it are decided.
        StartTime outcomesFrom = StartTime.ofLatest(
                OFFSETS_PER_OUTCOME * Math.max(requestSettings.max(), eventSettings.total()),
                retention.plus(OUTCOME_MARGIN), kafka.partitionsOf(Topics.OUTCOMES));
        StartTime claimsFrom = StartTime
                .ofLatest(requestSettings.max(), retention, kafka.partitionsOf(Topics.COMMANDS))
                .notBefore(outcomesFrom).notAfter(StartTime.ofTheLastRecords(kafka.partitionsOf(Topics.COMMANDS)));
        claimTail = TopicTail.from(claimsFrom, kafka, Topics.COMMANDS,
                new ClaimListener(requests, ownAppends, unknownClaims), meters);
        outcomeTail = TopicTail.from(outcomesFrom.notAfter(claimsFrom), kafka, Topics.OUTCOMES,
                new OutcomeListener(registry, holders, changes, events, requests, unknownClaims,
                        new AnswerDelay(InstantSource.system(), meters)),
                meters);
        couponCatchUp = PartitionCatchUp.of(kafka::partitionOf, List.of(stateTail, outcomeTail));
        claimCatchUp = PartitionCatchUp.of(kafka::partitionOf, List.of(stateTail, outcomeTail, claimTail));
        coupons = new CouponLookup(registry, couponCatchUp);
        Meters.HOLDERS.register(meters, holders::size);
        Meters.REQUESTS_WAITING.register(meters, requests::waiting);
    }

    /** Adds the checks of the three topics: ready while most of each is read up to now, live while their loops run. */
    public void addTo(Health health) {
        health.readyWhen("coupons", stateTail::readinessProblem)
                .readyWhen("claims", claimTail::readinessProblem)
                .readyWhen("outcomes", outcomeTail::readinessProblem)
                .liveWhen("reading", this::loopProblem);
    }

    /** Why some topic, or a part of it, has not been read up to now; empty while all of them have. */
    public Optional<String> readProblem() {
        return Stream.of(stateTail, claimTail, outcomeTail).flatMap(tail -> tail.readProblem()
                .map(problem -> tail.name() + " " + problem).stream()).findFirst();
    }

    private Optional<String> loopProblem() {
        return Stream.of(stateTail, claimTail, outcomeTail).flatMap(tail -> tail.loopProblem().stream()).findFirst();
    }

    /** The coupons. */
    public CouponRegistry registry() {
        return registry;
    }

    /** The holders of the coupons. */
    public CouponHolders holders() {
        return holders;
    }

    /** Wakes claims that wait for a coupon to change. */
    public CouponChangeNotifier changes() {
        return changes;
    }

    /** The requests. */
    public RequestTracker requests() {
        return requests;
    }

    /**
     * Whether the log may have an undecided claim on this coupon that the {@link #requests} do not know: it is older
     * than what this ingress read at its start, or was forgotten. Ask before and after the claim is looked up.
     */
    public boolean mayHaveUnknownClaim(CouponId couponId) {
        return requests.hasForgottenPending() || unknownClaims.mayBeUndecided(couponId);
    }

    /** The acknowledged commands of this ingress, which the publisher adds. */
    public OwnAppends ownAppends() {
        return ownAppends;
    }

    /** The events of each coupon. */
    public EventBuffers events() {
        return events;
    }

    /** Finds coupons, and waits briefly before the answer that one is not defined. */
    public CouponLookup coupons() {
        return coupons;
    }

    /** How far states and outcomes of a coupon have been read. */
    public CouponCatchUp couponCatchUp() {
        return couponCatchUp;
    }

    /** How far states, outcomes and claims of a coupon have been read. */
    public CouponCatchUp claimCatchUp() {
        return claimCatchUp;
    }

    /**
     * Whether all coupons have been read up to now, from states and outcomes. Otherwise the registry may lack a coupon,
     * and a coupon that looks sold out may have more stock. This changes at any time, so ask again for each answer.
     */
    public boolean areCouponsCurrent() {
        return stateTail.isCurrent() && outcomeTail.isCurrent();
    }

    /** Whether the coupons of a partition have been read up to now. */
    public boolean areCouponsCurrent(int partition) {
        return stateTail.isCurrent(partition) && outcomeTail.isCurrent(partition);
    }

    /**
     * Whether the coupons of a partition are known as they were committed at this moment, a value of
     * {@link System#nanoTime}. The first call for a moment asks Kafka for the end offsets at once, so that a later call
     * soon returns true.
     */
    public boolean areCouponsReadSince(int partition, long moment) {
        // Both topics are asked at once.
        return stateTail.isReadSince(partition, moment) & outcomeTail.isReadSince(partition, moment);
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
