package io.firstcome.bench.attack;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.firstcome.bench.attack.AttackJob.User;
import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadJob.Callers;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.ProtectionPage;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;
import io.firstcome.bench.system.FirstComeSystem;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.redis.GateKeys;
import redis.clients.jedis.RedisClient;

/**
 * Good callers claim at a steady rate and wait for the decisions, while a bad caller attacks or does nothing.
 *
 * @param attacker the bad caller; null for a round without an attack
 * @param connections how many connections the bad caller keeps open
 * @param badUsers the users of the bad caller
 * @param goodCallers the good callers, whose users are {@code USER_PREFIX-0000000000} and so on
 * @param goodConnections how many connections the good callers keep open in all
 * @param perSecond the claims of all good callers a second
 */
public record SaleUnderAttack(Attack attack, Attacker attacker, int connections, List<User> badUsers,
        Callers goodCallers, int goodConnections, int perSecond) implements Workload {

    /** The prefix of the good callers' users. */
    public static final String USER_PREFIX = "good";
    /** The address of the bad caller. The good callers have others, because limits per address apply to all callers. */
    public static final String BAD_ADDRESS = "127.0.0.1";

    /** How long an attack lasts before the good callers begin. */
    private static final Duration LEAD = Duration.ofSeconds(3);
    private static final Duration RESERVED_FOR = Duration.ofMinutes(2);
    private static final Duration FACTS_TIMEOUT = Duration.ofSeconds(10);

    @Override
    public String id() {
        return attack.id();
    }

    @Override
    public String title() {
        return attack.description();
    }

    /** Of the good callers. */
    @Override
    public Size size() {
        return Size.endless(goodConnections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id(), Round.UNLIMITED);
        URI url = round.system().url();
        if (attacker != null) {
            String full = attack == Attack.FULL_COUPON
                    ? createFullCoupon((FirstComeSystem) round.system(), "full-" + round.label(), connections)
                    : "";
            attacker.begin(new AttackJob(url.toString(), attack, connections, BAD_ADDRESS, badUsers, coupon, full));
        }
        LoadResult good;
        try {
            Thread.sleep(LEAD);
            good = round.run(LoadJob.openLoop(url, ClaimPattern.of(coupon, USER_PREFIX).waiting(), goodConnections,
                    perSecond, round.scale().duration()).by(goodCallers));
        } finally {
            if (attacker != null) {
                record(round, attacker.end());
            }
        }
        round.record(ProtectionPage.P50, good.latency().p50());
        round.record(ProtectionPage.P99, good.latency().p99());
        round.record(ProtectionPage.MAX, good.latency().max());
        good.byStatus().forEach((status, latency) -> round.record(
                Metric.count(ProtectionPage.GOOD + status), latency.count()));
        if (good.errors() > 0) {
            round.record(Metric.count(ProtectionPage.GOOD + "no answer"), good.errors());
        }
        round.awaitStored(coupon, good.count(201));
    }

    private static void record(Round round, AttackResult bad) {
        bad.answers().forEach((status, count) -> round.record(Metric.count(ProtectionPage.BAD + status), count));
        round.record(Metric.count(ProtectionPage.BAD + "closed"), bad.closed());
        round.record(Metric.count(ProtectionPage.BAD + "not connected"), bad.refused());
        round.record(Metric.count(ProtectionPage.BAD + "open at the end"), bad.open());
    }

    /**
     * Creates a coupon whose whole stock is reserved for users who never claim. On a running system a coupon is in this
     * state while the claims that have reservations are undecided, for example while the authority fails over.
     *
     * @param claimants how many users will claim it; the stock is larger, because a claim passes without a reservation
     *        when the gate is late
     */
    static String createFullCoupon(FirstComeSystem system, String coupon, int claimants) throws Exception {
        int stock = 2 * claimants;
        system.createCoupon(coupon, stock);
        List<String> keys = GateKeys.of(new CouponId(coupon));
        double expiry = Instant.now().plus(RESERVED_FOR).toEpochMilli();
        try (RedisClient redis = RedisClient.create(system.servers().redis())) {
            redis.zadd(keys.get(2), IntStream.range(0, stock).boxed()
                    .collect(Collectors.toMap(n -> "absent-" + n, _ -> expiry)));
            Instant deadline = Instant.now().plus(FACTS_TIMEOUT);
            while (!redis.hexists(keys.get(0), "log")) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("the gate has no facts of " + coupon);
                }
                Thread.sleep(5);
            }
        }
        return coupon;
    }
}
