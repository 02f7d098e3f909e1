package io.firstcome.gate.admission;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    /** Replies that depend on what the user holds or has sent. */
    private static final Set<GateReply> BY_USER = Set.of(GateReply.ALREADY_ISSUED, GateReply.LIMIT_REACHED,
            GateReply.IN_FLIGHT);

    @BeforeEach
    void empty() {
        REDIS.client().flushAll();
    }

    @ParameterizedTest
    @MethodSource("io.firstcome.testkit.cases.IssuanceCases#forGate")
    void shouldGiveTheExpectedReplyOfTheCase(IssuanceCase example) {
        // given
        write(example.given(), example.when().now());
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
                case ADMITTED, FULL, COLD, ALREADY_ISSUED, LIMIT_REACHED, IN_FLIGHT -> false;
            };
            if (!BY_USER.contains(gate)) {
                assertThat(rejection).isEqualTo(rejects ? Optional.of(gate) : Optional.empty());
            }
        });
    }

    /** Reservations end by the clock of Redis, as much later or earlier as the case says. */
    private static void write(IssuanceCase.Given given, Instant now) {
        var data = new GateData(REDIS.client(), CouponFixture.COUPON);
        given.coupon().ifPresent(state -> data.facts("this-log", state));
        Map<String, List<String>> entries = given.holders().stream().collect(groupingBy(it -> it.userId().value(),
                mapping(it -> it.sequence() + ":" + it.issuedAt().toEpochMilli() + ":" + it.requestId(), toList())));
        List<Long> revoked = given.revoked().stream().map(it -> it.issued().sequence()).toList();
        int fields = entries.size() + revoked.size();
        if (entries.size() == given.holders().size() && revoked.isEmpty()) {
            given.holders().forEach(it -> data.holder(it.userId().value(), it.sequence(), it.issuedAt(),
                    it.requestId().value()));
        } else {
            data.several(entries, revoked);
            fields++;
        }
        long issuedToOthers = given.coupon().map(CouponState::issued).orElse(0L) - given.holders().size()
                - revoked.size();
        data.holders(fields + issuedToOthers);
        given.reservations().forEach(it -> data.reservation(it.userId().value(), it.requestId().value(),
                Instant.now().plus(Duration.between(now, it.until()))));
    }

    private static GateReply reply(AdmissionOutcome outcome) {
        return GateReply.valueOf(outcome.word());
    }
}
