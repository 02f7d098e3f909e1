package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisCluster;
import io.firstcome.testing.RedisCluster.Node;

/** Replicas of a cluster take over from their primaries, while coupons are claimed. Each test uses other nodes. */
@ExtendWith(KafkaServer.class)
class GateInReplicatedClusterTest {

    /** The nodes need about two seconds, on an idle machine. */
    private static final Duration ANSWERS_AGAIN = Duration.ofSeconds(20);

    private static RedisCluster cluster;

    private final TestProjector projector = TestProjector.start(cluster.environment());
    private final RedisAdmissionGate gate = projector.gate();

    @BeforeAll
    static void start() {
        cluster = RedisCluster.startWithReplicas();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void close() {
        gate.close();
        projector.close();
    }

    @Test
    void shouldFollowACouponToAReplicaAndBack() {
        // given
        Node primary = nodesWithoutPositions().findFirst().orElseThrow();
        Node replica = cluster.replicaOf(primary);
        Campaign campaign = soldOutOn(primary);

        // when
        replica.failOver();

        // then
        assertFollowed(campaign, 6, replica);

        // when
        replica.kill();

        // then
        assertFollowed(campaign, 7, primary);
    }

    @Test
    void shouldGoOnAfterTheLossOfTheNodeWithThePositions() {
        // given
        Node primary = cluster.nodeOf(GateWriter.OFFSETS);
        Campaign campaign = soldOutOn(primary);

        // when
        primary.kill();

        // then
        assertFollowed(campaign, 6, cluster.replicaOf(primary));
    }

    /** The projector's positions are on another node, and so tell nothing of the loss. */
    @Test
    void shouldFillAReplicaThatTookOverWithOldData() {
        // given
        Node primary = nodesWithoutPositions().skip(1).findFirst().orElseThrow();
        Node replica = cluster.replicaOf(primary);
        Campaign campaign = soldOutOn(primary);
        Campaign restocked = campaignOn(primary);
        projector.define(restocked.state(1, 1, 0)).issue(restocked, 1, 1).awaitWarm(restocked, 1);
        replica.cutFrom(primary);
        projector.define(campaign.state(2, 7, 5)).issue(campaign, 6, 7).awaitWarm(campaign, 7);
        projector.define(restocked.state(2, 1000, 1));

        // when
        replica.failOver("TAKEOVER");

        // then
        await().atMost(ANSWERS_AGAIN).until(() -> {
            assertThat(claim(restocked, "u2-" + System.nanoTime())).isNotInstanceOf(Rejected.class);
            AdmissionOutcome holder = claim(campaign, "u7");
            assertMayComeDuringAFailOver(holder);
            return holder instanceof AlreadyIssued && holders(campaign, replica) == 7
                    && claim(campaign, "u8").equals(Rejected.soldOut(false));
        });
    }

    /** Issues one coupon more to the user with this number, and returns when the node has it and the gate uses it. */
    private void assertFollowed(Campaign campaign, int user, Node node) {
        projector.define(campaign.state(user, user, user - 1)).issue(campaign, user, user);
        await().atMost(ANSWERS_AGAIN).until(() -> {
            boolean isFailedOver = node.isPrimary();
            AdmissionOutcome holder = claim(campaign, "u" + user);
            assertMayComeDuringAFailOver(holder);
            return isFailedOver && holder instanceof AlreadyIssued && holders(campaign, node) == user
                    && claim(campaign, "late").equals(Rejected.soldOut(false)) && gate.redisProblem().isEmpty()
                    && projector.projector().delay().isEmpty();
        });
    }

    private static void assertMayComeDuringAFailOver(AdmissionOutcome toHolder) {
        if (!(toHolder instanceof AlreadyIssued)) {
            assertThat(toHolder).isIn(new Cold(), new Unavailable());
        }
    }

    private AdmissionOutcome claim(Campaign campaign, String user) {
        return projector.claim(gate, campaign, user);
    }

    private static long holders(Campaign campaign, Node node) {
        return node.client().hlen(GateKeys.of(campaign.couponId()).get(1));
    }

    /** A coupon of which {@code u1} to {@code u5} hold all five pieces. */
    private Campaign soldOutOn(Node node) {
        Campaign campaign = campaignOn(node);
        projector.define(campaign.state(1, 5, 0)).issue(campaign, 1, 5).awaitWarm(campaign, 5);
        await().until(() -> claim(campaign, "u6").equals(Rejected.soldOut(false)));
        return campaign;
    }

    private static Campaign campaignOn(Node node) {
        return Stream.generate(Campaign::openForLong)
                .filter(it -> cluster.nodeOf(GateKeys.of(it.couponId()).getFirst()) == node).findFirst().orElseThrow();
    }

    private static Stream<Node> nodesWithoutPositions() {
        return cluster.nodes().stream().filter(node -> node != cluster.nodeOf(GateWriter.OFFSETS));
    }
}
