package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.consumer.FencedConsumer;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Keeps the gate in step with the log: outcomes and states are followed and written to Redis. The ingresses that share
 * a Redis share the partitions. Open coupons that Redis lost are filled from the authority's holders.
 */
public final class GateProjector implements AutoCloseable {

    private static final int MAX_POLL_RECORDS = 5000;
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(250);
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2));
    /** Longer than Redis can delay a step: a connection, a greeting and an answer may each take the timeout. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final FencedConsumer consumer;
    private final GateWriter gate;

    /** Starts at once; neither Redis nor the authority need to be reachable. */
    public GateProjector(KafkaClients clients, RedisSettings redis, GateSettings settings, LogIdentity log,
            OpenCoupons coupons, HolderSource source, MeterRegistry meters) {
        gate = new GateWriter(redis, log, settings.retention());
        var cold = new ColdCoupons(gate, settings.coldFillAfter(), System::nanoTime);
        var store = new GateStore(gate, coupons, new GateFiller(gate, coupons, source, clients::partitionOf, meters),
                cold,
                clients::partitionOf, Meters.GATE_RECORDS_INVALID.register(meters));
        consumer = new FencedConsumer(clients,
                new FencedConsumer.Settings("gate-projector", List.of(Topics.OUTCOMES.name(), Topics.STATES.name()),
                        settings.group(), MAX_POLL_RECORDS, POLL_TIMEOUT, BACKOFF, CLOSE_TIMEOUT),
                store, meters);
        Meters.GATE_PROJECTOR_LAG.register(meters, consumer::lag);
        Meters.GATE_PROJECTOR_STOPPED.register(meters, () -> consumer.stoppedPartitions().size());
        Meters.GATE_COLD_COUPONS.register(meters, cold::count);
        consumer.start();
    }

    /** Why nothing is projected any more; only a restart helps. Empty while the projector runs or retries. */
    public Optional<String> problem() {
        return consumer.problem();
    }

    /** Why records cannot be projected at the moment; empty while they can. */
    public Optional<String> delay() {
        return consumer.groupProblem().or(consumer::storeProblem).or(gate::away).or(() -> {
            Map<String, String> stopped = consumer.stoppedPartitions();
            return stopped.isEmpty() ? Optional.empty() : Optional.of("STOPPED: " + stopped);
        });
    }

    /** Committed records of this instance's partitions that are not projected; empty while that is not known. */
    public OptionalLong lag() {
        return consumer.knownLag();
    }

    /** How many partitions of this instance are not projected any more, and need a person. */
    public int stoppedPartitions() {
        return consumer.stoppedPartitions().size();
    }

    /** Leaves the group, so that another ingress takes over at once. */
    @Override
    public void close() {
        consumer.close();
    }
}
