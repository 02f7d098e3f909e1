package io.firstcome.gate.admission;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.LuaScript;
import io.firstcome.gate.redis.RedisNodes;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.GateData;
import io.firstcome.testing.RedisServer;

class AdmissionBatchTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final LuaScript SCRIPT = LuaScript.beside(AdmissionBatch.class, "admit.lua");
    private static final List<CouponId> COUPONS = List.of(couponId("c1"), couponId("c2"));
    private static final Instant NOW = at(10);
    /** Reservations end by the clock of Redis. */
    private static final Instant REDIS_NOW = Instant.now();
    private static final int USERS = 10;

    private final long seed = Long.getLong("firstcome.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RedisNodes nodes = RedisSettings.from(REDIS.environment()).with(1, Duration.ofSeconds(30)).nodes();

    @BeforeEach
    void empty() {
        REDIS.client().flushAll();
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void shouldAnswerABatchLikeSingleClaimsInOrder() {
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < 500; round++) {
            // given
            List<Scene> scenes = COUPONS.stream().map(this::scene).toList();
            List<AdmissionRequest> claims = Stream.generate(() -> claim(any(scenes).known()))
                    .limit(1 + random.nextInt(30)).toList();

            // when
            writeAll(scenes);
            List<AdmissionOutcome> together = admit(claims);
            List<Object> afterBatch = reservations();
            writeAll(scenes);
            List<AdmissionOutcome> oneByOne = claims.stream().flatMap(it -> admit(List.of(it)).stream()).toList();

            // then
            assertThat(together).as("firstcome.seed=%d round %d %s", seed, round, claims).isEqualTo(oneByOne);
            assertThat(afterBatch).as("firstcome.seed=%d round %d %s", seed, round, claims).isEqualTo(reservations());
            together.forEach(outcome -> seen.add(outcome.word()));
        }
        assertThat(seen).containsExactlyInAnyOrder("ADMITTED", "ALREADY_ISSUED", "IN_FLIGHT", "FULL", "COLD",
                "SOLD_OUT",
                "NOT_STARTED", "ENDED", "PAUSED");
    }

    @Test
    void shouldAnswerColdWhileBehindOneCallerOfTheBatch() {
        // given
        data(COUPONS.getFirst()).facts("this-log", couponWithStock(2).withIssued(2)).holders(2);

        // then
        assertThat(admit(List.of(claim("u1", "r1"), claim("u2", "r2"))))
                .containsOnly(Rejected.of(RejectionReason.SOLD_OUT));
        var restocked = new CouponState(couponWithStock(3).definition(), CouponStatus.ACTIVE, 2, 2);
        assertThat(admit(List.of(claim("u1", "r1"),
                new AdmissionRequest(restocked, userId("u2"), requestId("r2"))))).containsOnly(new Cold());
    }

    @Test
    void shouldReserveTheLastCouponForOneRequest() {
        // given
        data(COUPONS.getFirst()).facts("this-log", couponWithStock(1));

        // then
        assertThat(admit(List.of(claim("u1", "r1"), claim("u1", "r2"), claim("u2", "r3"), claim("u1", "r1"))))
                .containsExactly(new Admitted(), new InFlight(requestId("r1")), new Full(), new Admitted());
    }

    @Test
    void shouldGiveFinalAnswersWhileRedisIsOutOfMemory() {
        // given
        data(COUPONS.getFirst()).facts("this-log", couponWithStock(2)).holder("u1", 1, at(5), "r1");
        data(COUPONS.getLast()).facts("this-log", soldOut(COUPONS.getLast())).holders(1);
        REDIS.client().configSet("maxmemory", "1");

        // then
        try {
            assertThat(admit(List.of(claim("u1", "r2"), claim("u2", "r3"),
                    new AdmissionRequest(soldOut(COUPONS.getLast()), userId("u3"), requestId("r4")))))
                    .containsExactly(new AlreadyIssued(1, requestId("r1"), at(5)), new Unavailable(),
                            Rejected.of(RejectionReason.SOLD_OUT));
        } finally {
            REDIS.client().configSet("maxmemory", "0");
        }
    }

    private List<AdmissionOutcome> admit(List<AdmissionRequest> claims) {
        var batch = new AdmissionBatch(claims);
        List<String> common = List.of(String.valueOf(NOW.toEpochMilli()), "500", "10000", "this-log");
        return batch.replies(nodes.runAll(SCRIPT, batch.calls(common))).stream().map(AdmissionReplies::outcome)
                .toList();
    }

    private static List<Object> reservations() {
        return COUPONS.stream().map(GateKeys::of)
                .flatMap(keys -> Stream.<Object>of(Set.copyOf(REDIS.client().zrange(keys.get(2), 0, -1)),
                        REDIS.client().hgetAll(keys.get(3))))
                .toList();
    }

    private static void writeAll(List<Scene> scenes) {
        REDIS.client().flushAll();
        scenes.forEach(scene -> scene.write().run());
    }

    private static GateData data(CouponId coupon) {
        return new GateData(REDIS.client(), coupon);
    }

    private static AdmissionRequest claim(String user, String request) {
        return new AdmissionRequest(couponWithStock(2), userId(user), requestId(request));
    }

    private static CouponState soldOut(CouponId coupon) {
        return state(coupon, CouponStatus.ACTIVE, 1, 1, at(0));
    }

    private static CouponState state(CouponId coupon, CouponStatus status, long stock, long issued, Instant opensAt) {
        Instant closesAt = opensAt.equals(at(1)) ? at(5) : at(3600);
        return new CouponState(new CouponDefinition(coupon, "Coffee", stock, opensAt, closesAt), status, 1, issued);
    }

    private AdmissionRequest claim(CouponState known) {
        int user = random.nextInt(USERS);
        return new AdmissionRequest(known, userId("u" + user), requestId("r" + user + "-" + random.nextInt(2)));
    }

    /** @param known the coupon state that the callers know */
    private record Scene(CouponState known, Runnable write) {}

    /**
     * Random data of one coupon: in most cases an open one, with holders and reservations; some reservations are
     * expired.
     */
    private Scene scene(CouponId coupon) {
        int stock = 1 + random.nextInt(8);
        CouponState state = state(coupon, any(List.of(CouponStatus.ACTIVE, any(List.of(CouponStatus.values())))),
                stock, random.nextInt(stock + 1), any(List.of(at(0), at(0), at(1), at(20))));
        String log = any(List.of("this-log", "this-log", "this-log", "another-log"));
        List<Integer> holders = usersOneIn(6);
        Map<Integer, Instant> reserved = usersOneIn(3).stream()
                .collect(Collectors.toMap(user -> user, user -> REDIS_NOW.plusSeconds(600 * (random.nextInt(10) - 5))));
        return new Scene(state.withIssued(random.nextInt(stock + 1)), () -> {
            data(coupon).facts(log, state);
            holders.forEach(user -> data(coupon).holder("u" + user, user + 1, at(1), "r" + user + "-0"));
            reserved.forEach((user, until) -> data(coupon).reservation("u" + user, "r" + user + "-1", until));
        });
    }

    private List<Integer> usersOneIn(int n) {
        return IntStream.range(0, USERS).filter(user -> random.nextInt(n) == 0).boxed().toList();
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
