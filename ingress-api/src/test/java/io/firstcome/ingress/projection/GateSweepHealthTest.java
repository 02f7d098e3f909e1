package io.firstcome.ingress.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponStatus;
import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.Servers;

/** What is as the log says is left alone. The sweep bears the lag of a busy machine, so others must not share its gate. */
@ExtendWith(Servers.class)
class GateSweepHealthTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private final Campaign campaign = Campaign.openForLong();

    @Test
    void shouldLeaveAHealthyProjectionAloneWhileCouponsAreIssued() {
        var gate = new SweptGate(REDIS, Map.of("FIRSTCOME_GATE_SWEEP_MS", "4000"));
        try (gate) {
            // given
            gate.write(campaign.state(1, 1_000_000, 0)).issue(campaign);
            awaitTrue(gate);

            // when
            for (int i = 0; i < 600; i++) {
                gate.issue(campaign);
            }
            gate.write(campaign.state(2, CouponStatus.PAUSED, 1000, 601));

            // then: two rounds of the sweep at least
            awaitTrue(gate);
            await().during(Duration.ofSeconds(10)).until(() -> gate.repairs() == 0);
        }
    }

    private void awaitTrue(SweptGate gate) {
        await().ignoreExceptions().untilAsserted(() -> gate.assertTrue(campaign));
    }
}
