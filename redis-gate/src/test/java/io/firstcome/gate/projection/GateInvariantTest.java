package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateEntry;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisServer;
import io.firstcome.testkit.fixture.UserIds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * The gate's final answers are true at every moment of a fill. The test runs random histories of one coupon: the
 * authority decides, a projector follows the log, a fill writes pages, Redis loses keys. After each step every user
 * claims.
 */
class GateInvariantTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final int USERS = 14;
    private static final int STOCK = 10;
    private static final int PAGE = 3;
    private static final int STEPS = 150;

    private final RedisSettings settings = new RedisSettings(URI.create(REDIS.environment().get("FIRSTCOME_REDIS_URL")),
            1, Duration.ofSeconds(30));
    private final GateWriter writer = new GateWriter(settings, new LogIdentity(Map.of("coupon-outcomes", "id-1")),
            Duration.ofHours(1));
    private final RedisAdmissionGate gate = new RedisAdmissionGate(settings, GateSettings.from(Map.of()), "id-1",
            InstantSource.system(), new SimpleMeterRegistry());
    private final Campaign campaign = Campaign.openForLong();

    /** One committed entry of the log: an issue with the state after it, or a change of status without an issue. */
    private record Committed(Optional<CouponIssued> issued, CouponState state) {}

    private final List<Committed> log = new ArrayList<>();
    private int position;
    /** Issues of a transaction that is not committed yet. The authority already lists them. */
    private final List<CouponIssued> uncommitted = new ArrayList<>();
    private Optional<Fill> fill = Optional.empty();
    private long requests;

    private record Fill(long upTo, Optional<String> after) {}

    @AfterEach
    void close() {
        gate.close();
        writer.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldNeverGiveAFalseFinalAnswer(long seed) {
        // given
        var random = new Random(seed);
        REDIS.client().flushAll();
        writer.positions(List.of(new TopicPartition("coupon-outcomes", 0)));
        log.add(new Committed(Optional.empty(), campaign.state(1, STOCK, 0)));

        // when
        for (int step = 0; step < STEPS; step++) {
            String action = step(random);
            checkEveryUser(random, "seed " + seed + ", step " + step + ", " + action);
        }

        // then
        finish();
        assertWarm("seed " + seed);
    }

    private String step(Random random) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> decide();
            case 3 -> commit();
            case 4 -> changeStatus(random);
            case 5, 6 -> follow(random);
            case 7, 8, 9 -> fillPage();
            case 10 -> loseKey(random);
            default -> random.nextInt(3) == 0 ? flush() : fillPage();
        };
    }

    private String decide() {
        long sequence = lastState().issued() + uncommitted.size() + 1;
        if (sequence <= STOCK && lastState().status() == CouponStatus.ACTIVE) {
            // The authority lists holders by user id; this formula makes that order differ from the order of the
            // sequences.
            String user = user((int) (sequence * 5 % USERS));
            uncommitted.add(campaign.issued("r" + sequence, user, sequence));
        }
        return "decide";
    }

    private String commit() {
        uncommitted.forEach(issued -> log.add(
                new Committed(Optional.of(issued), lastState().withIssued(issued.sequence()))));
        uncommitted.clear();
        return "commit";
    }

    private String changeStatus(Random random) {
        commit();
        CouponState state = lastState();
        CouponStatus status = state.status() == CouponStatus.ACTIVE && random.nextBoolean()
                ? CouponStatus.PAUSED
                : CouponStatus.ACTIVE;
        log.add(new Committed(Optional.empty(),
                campaign.state(state.version() + 1, status, STOCK, state.issued())));
        return "change status";
    }

    /** The projector reads some records. It may read a state before the outcomes that were committed with the state. */
    private String follow(Random random) {
        if (random.nextInt(3) == 0) {
            writer.write(batchOf(lastState()));
            return "follow the states";
        }
        int to = Math.min(log.size(), position + 1 + random.nextInt(4));
        follow(to);
        return "follow to " + to;
    }

    private void follow(int to) {
        List<Committed> read = log.subList(position, to);
        List<Decision> decisions = read.stream().flatMap(it -> it.issued().stream())
                .map(it -> new Decision(it.userId().value(), it.requestId().value(), GateEntry.of(it).text())).toList();
        if (!decisions.isEmpty()) {
            writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions), Map.of()));
        }
        if (!read.isEmpty()) {
            writer.write(batchOf(read.getLast().state()));
        }
        position = to;
    }

    private String fillPage() {
        if (fill.isEmpty()) {
            writer.write(batchOf(lastState()));
            fill = Optional.of(new Fill(lastState().issued(), Optional.empty()));
            return "begin a fill up to " + lastState().issued();
        }
        var holders = new TreeMap<String, CouponIssued>();
        log.forEach(it -> it.issued().ifPresent(issued -> holders.put(issued.userId().value(), issued)));
        uncommitted.forEach(issued -> holders.put(issued.userId().value(), issued));
        Fill now = fill.get();
        List<CouponIssued> rest = List.copyOf(
                now.after().map(user -> holders.tailMap(user, false)).orElse(holders).values());
        List<CouponIssued> page = rest.subList(0, Math.min(PAGE, rest.size()));
        List<Decision> decisions = page.stream().filter(it -> it.sequence() <= now.upTo())
                .map(it -> new Decision(it.userId().value(), it.requestId().value(), GateEntry.of(it).text())).toList();
        if (!decisions.isEmpty()) {
            writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions), Map.of()));
        }
        fill = page.size() == rest.size()
                ? Optional.empty()
                : Optional.of(new Fill(now.upTo(), Optional.of(page.getLast().userId().value())));
        return "fill a page";
    }

    private String loseKey(Random random) {
        String key = GateKeys.of(campaign.couponId()).get(random.nextInt(4));
        REDIS.client().del(key);
        return "lose " + key;
    }

    private String flush() {
        REDIS.client().flushAll();
        writer.positions(List.of(new TopicPartition("coupon-outcomes", 0)));
        position = log.size();
        return "flush";
    }

    private void finish() {
        commit();
        fill = Optional.empty();
        follow(log.size());
        do {
            fillPage();
        } while (fill.isPresent());
    }

    private CouponState lastState() {
        return log.getLast().state();
    }

    private ProjectionBatch batchOf(CouponState state) {
        return new ProjectionBatch(Map.of(), Map.of(campaign.couponId(), state));
    }

    private void checkEveryUser(Random random, String context) {
        // The ingress knows a committed state, which may be an old one.
        int knownAt = random.nextInt(log.size());
        CouponState known = log.get(knownAt).state();
        for (int i = 0; i < USERS; i++) {
            String user = user(i);
            Optional<CouponIssued> held = committed(user);
            AdmissionOutcome outcome = claim(known, user);
            switch (outcome) {
                case AlreadyIssued issued -> assertThat(held.map(CouponIssued::sequence)).as(context + ", " + user)
                        .contains(issued.sequence());
                case AdmissionOutcome.Rejected(RejectionReason reason, _, _) when reason == RejectionReason.SOLD_OUT ->
                    assertThat(held).as(context + ", " + user).isEmpty();
                // The user may hold a coupon that was issued after the pause and that the caller does not know of yet.
                case AdmissionOutcome.Rejected _ -> assertThat(held.filter(it -> isCommittedBy(it, knownAt)))
                        .as(context + ", " + user + ", " + outcome).isEmpty();
                case AdmissionOutcome.Admitted _,AdmissionOutcome.InFlight _,AdmissionOutcome.Full _,Cold _ -> {
                    // No final answer: the log decides.
                }
                case AdmissionOutcome.Unavailable _ -> throw new AssertionError(context);
            }
        }
        REDIS.client().del(GateKeys.of(campaign.couponId()).get(2), GateKeys.of(campaign.couponId()).get(3));
    }

    private boolean isCommittedBy(CouponIssued issued, int index) {
        return log.subList(0, index + 1).stream().anyMatch(it -> it.issued().equals(Optional.of(issued)));
    }

    private static String user(int number) {
        return UserIds.of(number).value();
    }

    private Optional<CouponIssued> committed(String user) {
        return log.stream().flatMap(it -> it.issued().stream()).filter(it -> it.userId().value().equals(user))
                .findFirst();
    }

    private void assertWarm(String context) {
        for (int i = 0; i < USERS; i++) {
            AdmissionOutcome outcome = claim(lastState(), user(i));
            if (committed(user(i)).isPresent()) {
                assertThat(outcome).as(context).isInstanceOf(AlreadyIssued.class);
            } else {
                assertThat(outcome).as(context).isNotInstanceOfAny(AlreadyIssued.class, Cold.class);
            }
        }
    }

    private AdmissionOutcome claim(CouponState known, String user) {
        return gate.admit(new AdmissionRequest(known, new UserId(user), new RequestId("claim-" + requests++)))
                .toCompletableFuture().join();
    }
}
