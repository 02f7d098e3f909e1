package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.ReplicatedRedis;

/** A sentinel promotes a replica that has old data, while a coupon is claimed. */
@ExtendWith(KafkaServer.class)
class GateBehindSentinelTest {

    /** The servers need about two seconds, on an idle machine. */
    private static final Duration ANSWERS_AGAIN = Duration.ofSeconds(20);

    private static ReplicatedRedis redis;

    @BeforeAll
    static void start() {
        redis = ReplicatedRedis.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void shouldCatchUpAReplicaPromotedWithOldData() {
        // given
        Campaign campaign = Campaign.openForLong();
        Campaign restocked = Campaign.openForLong();
        try (var gate = TestProjector.start(redis.environment())) {
            gate.define(campaign.state(1, 5, 0)).issue(campaign, 1, 2).awaitWarm(campaign, 2);
            gate.define(restocked.state(1, 1, 0)).issue(restocked, 1, 1).awaitWarm(restocked, 1);
            assertThat(gate.claim(restocked, "u2")).isEqualTo(Rejected.soldOut(false));
            redis.cutReplica();
            gate.issue(campaign, 3, 5).awaitWarm(campaign, 5);
            gate.define(restocked.state(2, 1000, 1));
            assertThat(gate.claim(campaign, "u6")).isEqualTo(Rejected.soldOut(false));

            // when
            redis.failOver();

            // then
            await().atMost(ANSWERS_AGAIN).until(() -> {
                AdmissionOutcome holder = gate.claim(campaign, "u5");
                assertMayComeDuringAFailOver(holder);
                assertThat(gate.claim(restocked, "u2-" + System.nanoTime())).isNotInstanceOf(Rejected.class);
                return holder instanceof AlreadyIssued && redis.holders(campaign.id()) == 5
                        && gate.claim(campaign, "u6").equals(Rejected.soldOut(false));
            });
        }
    }

    private static void assertMayComeDuringAFailOver(AdmissionOutcome toHolder) {
        if (!(toHolder instanceof AlreadyIssued)) {
            assertThat(toHolder).isIn(new Cold(), new Unavailable());
        }
    }
}
