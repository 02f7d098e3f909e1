package io.firstcome.ingress.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.Servers;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Whatever somebody else does to the gate's keys, they become what the log says again. */
@ExtendWith(Servers.class)
class GateSweepTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static SweptGate gate;

    private final Campaign campaign = Campaign.openForLong();

    @BeforeAll
    static void start() {
        gate = new SweptGate(REDIS, Map.of("FIRSTCOME_GATE_SWEEP_MS", "200"));
    }

    @AfterAll
    static void stop() {
        gate.close();
    }

    @Test
    void shouldRepairEveryKindOfCorruption() {
        // given
        Map<Corruption, Campaign> campaigns = Stream.of(Corruption.values())
                .collect(Collectors.toMap(corruption -> corruption, corruption -> Campaign.openForLong()));
        campaigns.values().forEach(it -> offer(it, 5));
        campaigns.values().forEach(GateSweepTest::awaitTrue);
        double repairs = gate.repairs();

        // when
        campaigns.forEach((corruption, it) -> corruption.happenTo(REDIS.client(), it.couponId()));

        // then
        campaigns.forEach((corruption, it) -> await(corruption.name()).ignoreExceptions()
                .untilAsserted(() -> gate.assertTrue(it)));
        assertThat(gate.repairs()).as("none was noticed twice; a partition read again heals what was not noticed yet")
                .isBetween(repairs + 1, repairs + campaigns.size());
    }

    @Test
    void shouldRepairOneCorruptionAfterAnother() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Campaign> campaigns = new ArrayList<>(Stream.generate(Campaign::openForLong).limit(4).toList());
        campaigns.forEach(it -> offer(it, 2 + random.nextInt(5)));
        campaigns.forEach(GateSweepTest::awaitTrue);

        for (int blow = 0; blow < 4; blow++) {
            // when
            Collections.shuffle(campaigns, random);
            for (Campaign victim : campaigns.subList(0, 1 + random.nextInt(3))) {
                Corruption corruption = Corruption.values()[random.nextInt(Corruption.values().length)];
                System.out.println("seed " + seed + ": " + corruption + " " + victim.id());
                REDIS.client().del(random.nextInt(10) == 0 ? GateWriter.OFFSETS : "nothing");
                corruption.happenTo(REDIS.client(), victim.couponId());
                gate.issue(campaigns.get(random.nextInt(campaigns.size())));
            }

            // then
            campaigns.forEach(GateSweepTest::awaitTrue);
        }
    }

    @Test
    void shouldRepairManyCouponsWithOneReadingOfEachPartition() {
        // given
        List<Campaign> campaigns = IntStream.range(0, 30).mapToObj(i -> Campaign.openForLong()).toList();
        campaigns.forEach(it -> offer(it, 1));
        campaigns.forEach(GateSweepTest::awaitTrue);
        double rebuilds = gate.rebuilds();

        // when
        campaigns.forEach(it -> Corruption.HOLDER_REMOVED.happenTo(REDIS.client(), it.couponId()));

        // then
        campaigns.forEach(GateSweepTest::awaitTrue);
        assertThat(gate.rebuilds()).as("those caught halfway need a second round")
                .isBetween(rebuilds + 2, rebuilds + 2 * 2 * Servers.PARTITIONS);
    }

    @Test
    void shouldRepairACouponThatIsBeingIssued() {
        // given
        sell(campaign, 3);
        double repairs = gate.repairs();

        // when
        Corruption.VERSION_RAISED.happenTo(REDIS.client(), campaign.couponId());

        // then
        await().until(() -> gate.issue(campaign).repairs() > repairs);
        awaitTrue(campaign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"facts", "issued", "inflight", "requests"})
    void shouldGoOnProjectingWhereAKeyHasAnotherType(String key) {
        // given
        sell(campaign, 2);

        // when
        REDIS.client().del("fc:{" + campaign.id() + "}:" + key);
        REDIS.client().set("fc:{" + campaign.id() + "}:" + key, "text");
        gate.issue(campaign);

        // then
        awaitTrue(campaign);
    }

    @Test
    void shouldGoOnProjectingWhereOffsetsAreNoNumbers() {
        // given
        sell(campaign, 2);

        // when
        REDIS.client().hkeys(GateWriter.OFFSETS).forEach(it -> REDIS.client().hset(GateWriter.OFFSETS, it, "far"));
        gate.issue(campaign);

        // then
        awaitTrue(campaign);
    }

    @Test
    void shouldGoOnProjectingWhereOffsetsAreOfAnotherType() {
        // given
        sell(campaign, 2);

        // when
        REDIS.client().del(GateWriter.OFFSETS);
        REDIS.client().set(GateWriter.OFFSETS, "text");
        gate.issue(campaign);

        // then
        awaitTrue(campaign);
    }

    @Test
    void shouldRemoveReservationsThatWouldNeverEnd() {
        // given
        sell(campaign, 1);
        String inflight = "fc:{" + campaign.id() + "}:inflight";
        String requests = "fc:{" + campaign.id() + "}:requests";
        double rebuilds = gate.rebuilds();

        Stream.<Runnable>of(() -> REDIS.client().zadd(inflight, 1, "u7"),
                () -> REDIS.client().hset(requests, "u7", "r7"),
                () -> {
                    REDIS.client().zadd(inflight, 1e15, "u7");
                    REDIS.client().pexpire(inflight, 60_000);
                }, () -> REDIS.client().set(requests, "text")).forEach(corruption -> {
                    // when
                    corruption.run();

                    // then
                    await().until(() -> REDIS.client().exists(inflight, requests) == 0);
                });
        assertThat(gate.rebuilds()).isEqualTo(rebuilds);
    }

    @Test
    void shouldRemoveNothingThatItCouldNotProjectAnew() {
        // given
        sell(campaign, 2);
        String holders = "fc:{" + campaign.id() + "}:issued";

        // when
        permit("-hdel");
        try {
            Corruption.HOLDER_CHANGED.happenTo(REDIS.client(), campaign.couponId());
            double failures = gate.failures();

            // then
            await().until(() -> gate.failures() > failures);
            assertThat(REDIS.client().hkeys(holders)).containsExactlyInAnyOrder("u1", "u2");
        } finally {
            permit("+hdel");
        }
        awaitTrue(campaign);
    }

    @Test
    void shouldNotTryForEverToBringBackWhatTheLogNoLongerHolds() {
        // given
        double repairs = gate.repairs();

        // when
        gate.write(campaign.state(1, 10, 1));

        // then
        await().until(() -> gate.repairs() >= repairs + 2);
        await().during(Duration.ofSeconds(2)).until(() -> gate.repairs() <= repairs + 5);

        // when
        gate.tellIssued(campaign, 1);

        // then
        awaitTrue(campaign);
    }

    private static void permit(String rule) {
        REDIS.client().executeCommand(new CommandArguments(Command.ACL).add("SETUSER").add("default").add(rule));
    }

    private static void sell(Campaign campaign, int count) {
        offer(campaign, count);
        awaitTrue(campaign);
    }

    private static void offer(Campaign campaign, int count) {
        gate.write(campaign.state(1, 1_000_000, 0));
        IntStream.range(0, count).forEach(i -> gate.issue(campaign));
    }

    private static void awaitTrue(Campaign campaign) {
        await().ignoreExceptions().untilAsserted(() -> gate.assertTrue(campaign));
    }
}
