package io.firstcome.gate.admission;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponState;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.GateData;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The gate while Redis is slow, away, forgetful or holds nonsense; and how claims share the way there. */
class RedisTroubleTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final int CROWD = 100;

    private final CouponState coupon = couponWithStock(10_000);
    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private RedisAdmissionGate gate = gate(RedisSettings.from(REDIS.environment()).with(1, Duration.ofSeconds(30)));

    @BeforeEach
    void fill() {
        REDIS.client().flushAll();
        new GateData(REDIS.client(), COUPON).facts("this-log", coupon);
    }

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void shouldLetClaimsThatComeTogetherShareARoundTrip() {
        // given
        List<CompletableFuture<AdmissionOutcome>> claims;
        REDIS.pause();
        try {
            claims = pileUp();
        } finally {
            REDIS.resume();
        }

        // then
        assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());
        assertThat(batches()).isEqualTo(2);
        assertThat(meters.get("firstcome.gate.batch").summary().max()).isEqualTo(CROWD);
        assertThat(meters.get("firstcome.gate.roundtrip").timer().count()).isEqualTo(2);
    }

    @Test
    void shouldNotLetOneOddClaimSpoilTheBatch() {
        // given
        REDIS.client().hset("fc:{c1}:issued", "u1", "garbage");
        Campaign spoilt = Campaign.openForLong();
        REDIS.client().set("fc:{" + spoilt.id() + "}:facts", "not a hash");
        List<CompletableFuture<AdmissionOutcome>> claims;
        CompletableFuture<AdmissionOutcome> odd;
        REDIS.pause();
        try {
            claims = pileUp();
            odd = ask(spoilt.state(1, 1, 0), 0);
        } finally {
            REDIS.resume();
        }

        // then
        assertThat(odd.join()).isEqualTo(new Cold());
        assertThat(claims.get(1).join()).isEqualTo(new Cold());
        claims.remove(1);
        assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());
        assertThat(batches()).isEqualTo(2);
    }

    @Test
    void shouldNotTakeOneSpoiltCouponForARedisInTrouble() {
        // given
        REDIS.client().set("fc:{c1}:facts", "not a hash");

        // when
        IntStream.range(0, 20).forEach(i -> assertThat(ask(i).join()).isEqualTo(new Cold()));

        // then
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldSendTheScriptAgainWhenRedisForgetsItUnderLoad() {
        for (int wave = 0; wave < 10; wave++) {
            // given: a claim after which Redis knows the script, whenever it was told to forget it
            assertThat(ask(10 * CROWD + wave).join()).isEqualTo(new Admitted());
            List<CompletableFuture<AdmissionOutcome>> claims = crowd(wave * CROWD);

            // when
            REDIS.client().scriptFlush("any");

            // then
            assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());
        }
        assertThat(REDIS.client().zcard("fc:{c1}:inflight")).isEqualTo(10 * (CROWD + 1));
    }

    @Test
    void shouldCountAFailedRoundTripOnceForAllWhoSharedIt() {
        // given
        REDIS.pause();
        List<CompletableFuture<AdmissionOutcome>> claims = pileUp();

        // when
        REDIS.kill();

        // then
        assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Unavailable());
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldStopAskingARedisThatHangsAndFindOutWhenItIsBack() {
        // given
        replace(RedisSettings.from(REDIS.environment()));
        await().until(() -> ask(1).join().equals(new Admitted()));

        // when
        REDIS.pause();

        // then
        try {
            await().until(() -> ask(1).join().equals(new Unavailable()) && isOpen());
        } finally {
            REDIS.resume();
        }
        await().untilAsserted(() -> assertThat(ask(1).join()).isEqualTo(new Admitted()));
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldAdmitTheSameRequestAgainWhoseFirstAnswerCameTooLate() {
        // given
        replace(RedisSettings.from(REDIS.environment()));
        await().until(() -> ask(2).join().equals(new Admitted()));
        double before = batches();
        REDIS.pause();
        try {
            // Whoever has waited too long is not even sent.
            await().until(() -> {
                assertThat(ask(1).join()).isEqualTo(new Unavailable());
                return batches() > before;
            });
        } finally {
            REDIS.resume();
        }

        // when
        await().until(() -> REDIS.client().hexists("fc:{c1}:requests", "u1"));

        // then
        await().until(() -> ask(1).join().equals(new Admitted()));
        assertThat(REDIS.client().zcard("fc:{c1}:inflight")).isEqualTo(2);
    }

    @Test
    void shouldShrugOffADeadRedisAndUseTheNextOne() {
        // given
        replace(RedisSettings.from(REDIS.environment()));
        ask(1).join();

        // when
        REDIS.kill();

        // then
        await().until(() -> ask(1).join().equals(new Unavailable()) && isOpen());
        REDIS.startAgain();
        await().untilAsserted(() -> assertThat(ask(1).join()).isEqualTo(new Cold()));
    }

    @Test
    void shouldNotStumbleOverEachConnectionThatADeadRedisLeft() {
        // given
        replace(RedisSettings.from(REDIS.environment()).with(4, Duration.ofSeconds(30)));
        REDIS.pause();
        List<CompletableFuture<AdmissionOutcome>> claims = IntStream.rangeClosed(1, 4).mapToObj(i -> {
            CompletableFuture<AdmissionOutcome> claim = ask(i);
            await().until(() -> batches() == i);
            return claim;
        }).toList();
        REDIS.resume();
        assertThat(claims).extracting(CompletableFuture::join).containsOnly(new Admitted());

        // when
        REDIS.kill();
        await().until(() -> ask(1).join().equals(new Unavailable()));
        REDIS.startAgain();
        await().until(() -> ask(1).join().equals(new Cold()));

        // then
        IntStream.range(0, 20).forEach(i -> assertThat(ask(i).join()).isEqualTo(new Cold()));
    }

    @Test
    void shouldTakeARedisThatRefusesToWorkForOneThatIsAway() {
        // given
        REDIS.client().configSet("maxmemory", "1");

        // then
        try {
            await().until(() -> ask(1).join().equals(new Unavailable()) && isOpen());
        } finally {
            REDIS.client().configSet("maxmemory", "0");
        }
        await().until(() -> ask(1).join().equals(new Admitted()) && !isOpen());
    }

    /** One claim under way to a Redis that hangs, and a crowd that waits for its return. */
    private List<CompletableFuture<AdmissionOutcome>> pileUp() {
        CompletableFuture<AdmissionOutcome> first = ask(1_000_000);
        await().until(() -> batches() == 1);
        List<CompletableFuture<AdmissionOutcome>> claims = crowd(0);
        assertThat(first).isNotDone();
        return claims;
    }

    private List<CompletableFuture<AdmissionOutcome>> crowd(int from) {
        return IntStream.range(from, from + CROWD).mapToObj(this::ask).collect(Collectors.toList());
    }

    private CompletableFuture<AdmissionOutcome> ask(int number) {
        return ask(coupon, number);
    }

    private CompletableFuture<AdmissionOutcome> ask(CouponState known, int number) {
        return gate.admit(new AdmissionRequest(known, userId("u" + number), requestId("r" + number)))
                .toCompletableFuture();
    }

    private void replace(RedisSettings settings) {
        gate.close();
        meters = new SimpleMeterRegistry();
        gate = gate(settings);
    }

    private RedisAdmissionGate gate(RedisSettings settings) {
        return new RedisAdmissionGate(settings, GateSettings.from(Map.of()), "this-log", () -> at(10), meters);
    }

    private double batches() {
        return meters.get("firstcome.gate.batch").summary().count();
    }

    private boolean isOpen() {
        return meters.get("firstcome.gate.breaker.open").gauge().value() == 1;
    }
}
