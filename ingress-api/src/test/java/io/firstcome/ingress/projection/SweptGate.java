package io.firstcome.ingress.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.TopicSpec;
import io.firstcome.contract.Topics;
import io.firstcome.ingress.admission.GateKeys;
import io.firstcome.ingress.admission.GateSettings;
import io.firstcome.ingress.admission.Holding;
import io.firstcome.ingress.kafka.KafkaClients;
import io.firstcome.ingress.kafka.TopicTail;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.LogWriter;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** A projector with its sweep, and what its gate should hold. It knows only the coupons that were written through it. */
final class SweptGate implements AutoCloseable {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CouponRegistry registry = new CouponRegistry(coupon -> {});
    private final KafkaClients clients = new KafkaClients(Servers.kafkaSettings(), "sweep-test", meters);
    private final LogWriter log = new LogWriter();
    private final Set<CouponId> written = ConcurrentHashMap.newKeySet();
    private final Map<CouponId, CouponState> states = new HashMap<>();
    private final Map<CouponId, Map<String, String>> holders = new HashMap<>();
    private final RedisServer redis;
    private final ProjectedLog projected;
    private final TopicTail<CouponState> readStates;
    private final TopicTail<CouponOutcome> readOutcomes;
    private final GateProjector projector;

    SweptGate(RedisServer redis, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(redis.environment());
        environment.putAll(more);
        GateSettings settings = GateSettings.from(environment);
        this.redis = redis;
        projected = new ProjectedLog(clients.topicIds(Topics.all().stream().map(TopicSpec::name).toList()));
        var coupons = new KeptCoupons(registry, () -> true, settings, InstantSource.system());
        readStates = TopicTail.fromTheBeginning(clients, Topics.STATES, read -> learn(read.value()), meters);
        readOutcomes = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, read -> learn(read.value()), meters);
        projector = new GateProjector(clients, redis.settings(), settings, projected, coupons, meters);
    }

    private void learn(CouponState state) {
        if (written.contains(state.couponId())) {
            registry.learn(state);
        }
    }

    private void learn(CouponOutcome outcome) {
        if (outcome instanceof CouponIssued issued) {
            registry.learnIssued(issued.couponId(), issued.sequence());
        }
    }

    String logId() {
        return projected.id();
    }

    SweptGate write(CouponState state) {
        written.add(state.couponId());
        states.put(state.couponId(), state);
        log.write(state);
        return this;
    }

    /** Issues to a new user, as the authority tells it: the outcome, and where the coupon stands now. */
    SweptGate issue(Campaign campaign) {
        CouponState before = states.get(campaign.couponId());
        tellIssued(campaign, before.issued() + 1);
        return write(before.withIssued(before.issued() + 1));
    }

    /** Tells the outcome alone. */
    void tellIssued(Campaign campaign, long sequence) {
        CouponIssued issued = campaign.issued("r" + sequence, "u" + sequence, sequence);
        holders.computeIfAbsent(campaign.couponId(), id -> new HashMap<>()).put(issued.userId().value(),
                Holding.of(issued).text());
        log.write(issued);
    }

    /** Fails unless the gate holds what the log says of a coupon, no more and no less. */
    void assertTrue(Campaign campaign) {
        List<String> keys = GateKeys.of(campaign.couponId());
        Map<String, String> due = holders.getOrDefault(campaign.couponId(), Map.of());
        assertThat(redis.client().hgetAll(keys.get(1))).isEqualTo(due);
        assertThat(redis.client().hgetAll(keys.get(0))).isEqualTo(facts(states.get(campaign.couponId()), due));
        assertThat(redis.client().pttl(keys.get(0))).isPositive();
        assertThat(redis.client().pttl(keys.get(1))).isPositive();
    }

    private Map<String, String> facts(CouponState state, Map<String, String> due) {
        Map<String, String> facts = new HashMap<>(GateWriter.facts(state));
        facts.putAll(Map.of("log", projected.id(), "version", "" + state.version(), "issued", "" + state.issued()));
        HolderDigest digest = new HolderDigest();
        due.forEach(digest::add);
        if (!due.isEmpty()) {
            facts.put("digest", "" + digest.value());
        }
        return facts;
    }

    double repairs() {
        return meters.counter("firstcome.projector.repairs").count();
    }

    double failures() {
        return meters.counter("firstcome.projector.failures").count();
    }

    double rebuilds() {
        return meters.counter("firstcome.projector.rebuilds").count();
    }

    @Override
    public void close() {
        projector.close();
        readStates.close();
        readOutcomes.close();
        log.close();
        clients.close();
    }
}
