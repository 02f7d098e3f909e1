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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.LimitReached;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
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
 * authority issues and revokes, a projector follows the log, a fill writes pages that it read some steps before, Redis
 * loses keys. After each step every user claims.
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

    /** One committed entry of the log: an issue or a revocation with the state after it, or a change of the coupon. */
    private record Committed(Optional<CouponOutcome> decision, CouponState state) {}

    private final List<Committed> log = new ArrayList<>();
    private int position;
    /** Decisions of a transaction that is not committed yet. The authority already lists their effects. */
    private final List<CouponOutcome> uncommitted = new ArrayList<>();
    private Optional<Fill> fill = Optional.empty();
    private long requests;

    /** @param page the page that was read and is not written yet, in the order of the users */
    private record Fill(long upTo, Optional<String> after, Optional<List<List<Decision>>> page, boolean isLast) {}

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
        log.add(new Committed(Optional.empty(), coupon(1, CouponStatus.ACTIVE, 1 + random.nextInt(3), 0, 0)));

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
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> decide(random);
            case 4 -> revoke(random);
            case 5 -> commit();
            case 6 -> change(random);
            case 7, 8 -> follow(random);
            case 9, 10, 11 -> fillStep();
            case 12 -> loseKey(random);
            default -> random.nextInt(3) == 0 ? flush() : fillStep();
        };
    }

    private CouponState coupon(long version, CouponStatus status, int perUser, long issued, long revoked) {
        return new CouponState(new CouponDefinition(campaign.couponId(), "Coffee", STOCK, campaign.opensAt(),
                campaign.closesAt(), perUser, true), status, version, issued, revoked);
    }

    /** All decisions so far, the uncommitted ones too. */
    private List<CouponOutcome> decisions() {
        return Stream.concat(log.stream().flatMap(it -> it.decision().stream()), uncommitted.stream()).toList();
    }

    private static List<CouponIssued> issues(List<CouponOutcome> decisions) {
        return decisions.stream().filter(CouponIssued.class::isInstance).map(CouponIssued.class::cast).toList();
    }

    private static Set<Long> revoked(List<CouponOutcome> decisions) {
        return decisions.stream().filter(IssueRevoked.class::isInstance).map(it -> ((IssueRevoked) it).sequence())
                .collect(Collectors.toSet());
    }

    private static List<CouponIssued> held(List<CouponOutcome> decisions) {
        Set<Long> revoked = revoked(decisions);
        return issues(decisions).stream().filter(it -> !revoked.contains(it.sequence())).toList();
    }

    private static List<Long> heldBy(String user, List<CouponOutcome> decisions) {
        return held(decisions).stream().filter(it -> it.userId().value().equals(user)).map(CouponIssued::sequence)
                .toList();
    }

    private String decide(Random random) {
        List<CouponOutcome> decided = decisions();
        String user = user(random.nextInt(USERS));
        if (held(decided).size() < STOCK && lastState().status() == CouponStatus.ACTIVE
                && heldBy(user, decided).size() < lastState().definition().perUser()) {
            long sequence = issues(decided).size() + 1;
            uncommitted.add(campaign.issued("r" + sequence, user, sequence));
        }
        return "decide";
    }

    private String revoke(Random random) {
        List<CouponOutcome> decided = decisions();
        List<CouponIssued> held = held(decided);
        if (!held.isEmpty()) {
            CouponIssued issue = held.get(random.nextInt(held.size()));
            uncommitted.add(new IssueRevoked(new RequestId("revoke-" + issue.sequence()), campaign.couponId(),
                    issue.userId(), issue.sequence(), issue.requestId(), revoked(decided).size() + 1,
                    issue.issuedAt()));
        }
        return "revoke";
    }

    private String commit() {
        uncommitted.forEach(decision -> {
            CouponState state = lastState();
            log.add(new Committed(Optional.of(decision),
                    decision instanceof IssueRevoked revoked
                            ? state.withRevoked(revoked.revoked())
                            : state.withIssued(state.issued() + 1)));
        });
        uncommitted.clear();
        return "commit";
    }

    private String change(Random random) {
        commit();
        CouponState state = lastState();
        CouponStatus status = state.status() == CouponStatus.ACTIVE && random.nextBoolean()
                ? CouponStatus.PAUSED
                : CouponStatus.ACTIVE;
        log.add(new Committed(Optional.empty(), coupon(state.version() + 1, status, 1 + random.nextInt(3),
                state.issued(), state.revoked())));
        return "change the coupon";
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
        List<Decision> decisions = read.stream().flatMap(it -> it.decision().stream()).map(it -> switch (it) {
            case CouponIssued issued -> Decision.issued(issued.userId(), GateEntry.of(issued));
            case IssueRevoked revoked -> Decision.revoked(revoked.userId(), revoked.claimRequestId(),
                    revoked.sequence(), revoked.revoked());
            default -> throw new AssertionError(it);
        }).toList();
        if (!read.isEmpty()) {
            writer.write(new ProjectionBatch(
                    decisions.isEmpty() ? Map.of() : Map.of(campaign.couponId(), decisions),
                    Map.of(campaign.couponId(), read.getLast().state())));
        }
        position = to;
    }

    /** Begins a fill, reads a page, or writes the page that was read. */
    private String fillStep() {
        if (fill.isEmpty()) {
            writer.write(batchOf(lastState()));
            fill = Optional.of(new Fill(lastState().issued(), Optional.empty(), Optional.empty(), false));
            return "begin a fill up to " + lastState().issued();
        }
        Fill now = fill.get();
        if (now.page().isPresent()) {
            write(now.page().get());
            fill = now.isLast()
                    ? Optional.empty()
                    : Optional.of(new Fill(now.upTo(), now.after(), Optional.empty(), false));
            return "write a page";
        }
        var issues = new TreeMap<String, List<CouponIssued>>();
        issues(decisions()).forEach(
                it -> issues.computeIfAbsent(it.userId().value(), _ -> new ArrayList<>()).add(it));
        Set<Long> revoked = revoked(decisions());
        var rest = now.after().map(user -> issues.tailMap(user, false)).orElse(issues);
        List<List<Decision>> page = rest.values().stream().limit(PAGE)
                .map(ofUser -> ofUser.stream().filter(it -> it.sequence() <= now.upTo())
                        .map(it -> revoked.contains(it.sequence())
                                ? Decision.revoked(it.userId(), it.requestId(), it.sequence(), 0)
                                : Decision.issued(it.userId(), GateEntry.of(it)))
                        .toList())
                .toList();
        fill = Optional.of(new Fill(now.upTo(), rest.keySet().stream().limit(PAGE).reduce((_, last) -> last),
                Optional.of(page), rest.size() <= PAGE));
        return "read a page";
    }

    private void write(List<List<Decision>> page) {
        List<Decision> decisions = page.stream().flatMap(List::stream).toList();
        if (!decisions.isEmpty()) {
            writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions), Map.of()));
        }
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

    /** A page that was read in time is written last, as by a process that was paused. */
    private void finish() {
        Optional<List<List<Decision>>> late = fill.flatMap(Fill::page);
        commit();
        fill = Optional.empty();
        follow(log.size());
        do {
            fillStep();
        } while (fill.isPresent());
        late.ifPresent(this::write);
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
        // One after the other in Redis, and in few round trips.
        List<CompletableFuture<AdmissionOutcome>> outcomes = IntStream.range(0, USERS)
                .mapToObj(i -> claimAsync(known, user(i))).toList();
        for (int i = 0; i < USERS; i++) {
            String user = user(i);
            AdmissionOutcome outcome = outcomes.get(i).join();
            String claim = context + ", " + user + ", " + outcome;
            switch (outcome) {
                case AlreadyIssued issued -> assertThat(wasAtLimit(user, List.of(issued.sequence()))).as(claim)
                        .isTrue();
                case LimitReached limit -> assertThat(wasAtLimit(user, limit.sequences())).as(claim).isTrue();
                case Rejected rejected -> assertThat(wasTrueSince(knownAt, rejected.reason(), user)).as(claim).isTrue();
                case AdmissionOutcome.Admitted _,AdmissionOutcome.InFlight _,AdmissionOutcome.Full _,Cold _ -> {
                    // No final answer: the log decides.
                }
                case AdmissionOutcome.Unavailable _ -> throw new AssertionError(context);
            }
        }
        REDIS.client().del(GateKeys.of(campaign.couponId()).get(2), GateKeys.of(campaign.couponId()).get(3));
    }

    /** Whether the user held these at some point of the log, and as many as allowed. */
    private boolean wasAtLimit(String user, List<Long> sequences) {
        return IntStream.range(0, log.size()).anyMatch(at -> {
            List<Long> held = heldAt(user, at);
            return held.containsAll(sequences) && held.size() >= log.get(at).state().definition().perUser();
        });
    }

    /**
     * Whether the coupon was paused or sold out at some point of the log that is not before {@code knownAt}, while the
     * user held fewer than allowed. The gate may already know that a coupon of the user will be revoked.
     */
    private boolean wasTrueSince(int knownAt, RejectionReason reason, String user) {
        return IntStream.range(knownAt, log.size()).anyMatch(at -> {
            CouponState state = log.get(at).state();
            boolean isReason = reason == RejectionReason.SOLD_OUT
                    ? state.isSoldOut()
                    : state.status() == CouponStatus.PAUSED;
            List<Long> held = new ArrayList<>(heldAt(user, at));
            held.removeAll(revoked(decisions()));
            return isReason && held.size() < state.definition().perUser();
        });
    }

    private List<Long> heldAt(String user, int at) {
        return heldBy(user, log.subList(0, at + 1).stream().flatMap(it -> it.decision().stream()).toList());
    }

    private static String user(int number) {
        return UserIds.of(number).value();
    }

    private void assertWarm(String context) {
        for (int i = 0; i < USERS; i++) {
            AdmissionOutcome outcome = claim(lastState(), user(i));
            List<Long> held = heldAt(user(i), log.size() - 1);
            if (held.size() >= lastState().definition().perUser()) {
                assertThat(outcome).as(context).satisfiesAnyOf(
                        it -> assertThat(it).isEqualTo(new LimitReached(held)),
                        it -> assertThat(List.of(((AlreadyIssued) it).sequence())).isEqualTo(held));
            } else {
                assertThat(outcome).as(context).isNotInstanceOfAny(AlreadyIssued.class, LimitReached.class,
                        Cold.class);
            }
        }
    }

    private AdmissionOutcome claim(CouponState known, String user) {
        return claimAsync(known, user).join();
    }

    private CompletableFuture<AdmissionOutcome> claimAsync(CouponState known, String user) {
        return gate.admit(new AdmissionRequest(known, new UserId(user), new RequestId("claim-" + requests++)))
                .toCompletableFuture();
    }
}
