package io.firstcome.gate.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponState;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.GateData;
import io.firstcome.testing.RedisServer;
import io.firstcome.testkit.cases.GateReply;
import io.firstcome.testkit.cases.IssuanceCase;
import io.firstcome.testkit.fixture.CouponFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Runs the shared cases against the gate in Redis and against {@link LocalRejections}. */
class AdmissionCasesTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final GateSettings SETTINGS = GateSettings.from(Map.of());

    @BeforeEach
    void empty() {
        REDIS.client().flushAll();
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.testkit.cases.IssuanceCases#forGate")
    void shouldGiveTheExpectedReplyOfTheCase(IssuanceCase example) {
        // given
        write(example.given());
        var request = new AdmissionRequest(example.given().coupon().orElse(CouponFixture.couponWithStock(3)),
                example.when().command().userId(), example.when().command().requestId());

        // when
        try (var gate = new RedisAdmissionGate(RedisSettings.from(REDIS.environment()).with(1, Duration.ofSeconds(30)),
                SETTINGS, "this-log",
                InstantSource.fixed(example.when().now()), new SimpleMeterRegistry())) {
            AdmissionOutcome outcome = gate.admit(request).toCompletableFuture().join();

            // then
            assertThat(reply(outcome)).isEqualTo(example.then().gate().orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.testkit.cases.IssuanceCases#forGate")
    void shouldRejectLocallyOnlyWhatTheGateRejects(IssuanceCase example) {
        example.given().coupon().ifPresent(state -> {
            // when
            Optional<GateReply> rejection = LocalRejections.of(state, example.when().now(), SETTINGS.skew())
                    .map(AdmissionCasesTest::reply);

            // then: only the gate knows holders and reservations
            GateReply gate = example.then().gate().orElseThrow();
            boolean rejects = switch (gate) {
                case SOLD_OUT, NOT_STARTED, ENDED, PAUSED -> true;
                case ADMITTED, FULL, COLD, ALREADY_ISSUED, IN_FLIGHT -> false;
            };
            if (gate != GateReply.ALREADY_ISSUED && gate != GateReply.IN_FLIGHT) {
                assertThat(rejection).isEqualTo(rejects ? Optional.of(gate) : Optional.empty());
            }
        });
    }

    private static void write(IssuanceCase.Given given) {
        var data = new GateData(REDIS.client(), CouponFixture.COUPON);
        given.coupon().ifPresent(state -> data.facts("this-log", state));
        given.holders().forEach(it -> data.holder(it.userId().value(), it.sequence(), it.issuedAt(),
                it.requestId().value()));
        data.holders(given.coupon().map(CouponState::held).orElse(0L));
        given.reservations().forEach(it -> data.reservation(it.userId().value(), it.requestId().value(), it.until()));
    }

    private static GateReply reply(AdmissionOutcome outcome) {
        return GateReply.valueOf(outcome.word());
    }
}
