package io.firstcome.bench.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.firstcome.bench.attack.AttackJob.User;
import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadGenerator;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadJob.Arrivals;
import io.firstcome.bench.load.LoadJob.Callers;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.system.FirstComeBuild;
import io.firstcome.bench.system.FirstComeSystem;

/** Good callers get only decisions while a bad caller has more connections than claims may be in flight. */
class AttackTest {

    private static final int CLAIMS_IN_FLIGHT_MAX = 40;
    private static final int GOOD_CONNECTIONS = 4;
    /** Enough to hold all places, if each connection could hold one. */
    private static final int BAD_CONNECTIONS = 50;
    /** Enough to hold all places but those of the good callers, if each connection could hold one. */
    private static final int STOCK_WAITERS = CLAIMS_IN_FLIGHT_MAX - GOOD_CONNECTIONS + 1;
    /** Of attacks with claims that are decided or rejected: each of them is in flight for a moment. */
    private static final int BUSY_CONNECTIONS = CLAIMS_IN_FLIGHT_MAX / 2;
    private static final int GOOD_CLAIMS = 60;
    /** Twice the default of FIRSTCOME_USER_CLAIMS_PER_SECOND. */
    private static final int USER_BURST = 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static List<User> badUsers;
    private static List<User> usersWithBadTokens;
    private static Callers goodCallers;
    private static FirstComeSystem system;
    private static LoadGenerator generator;

    @BeforeAll
    static void start() throws Exception {
        var issuer = new TokenIssuer();
        badUsers = issuer.users("bad", BAD_CONNECTIONS);
        usersWithBadTokens = issuer.usersWithBadTokens("bad", BAD_CONNECTIONS);
        Path tokens = Files.write(directory.resolve("tokens.txt"),
                issuer.users("good", GOOD_CLAIMS).stream().map(User::token).toList());
        // Limits per address apply to all callers of an address.
        goodCallers = new Callers(List.of("127.0.1.1", "127.0.1.2"), tokens.toString());
        Map<String, String> settings = new HashMap<>(issuer.settings(directory));
        settings.put("FIRSTCOME_CLAIMS_IN_FLIGHT_MAX", String.valueOf(CLAIMS_IN_FLIGHT_MAX));
        system = FirstComeSystem.start(FirstComeBuild.at("attacked", System.getProperty("java.class.path"),
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")).with(settings), directory,
                List.of());
        generator = LoadGenerator.start(false);
    }

    @AfterAll
    static void stop() {
        generator.close();
        system.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDecideClaimsOfGoodCallersDuring(Attack attack) throws Exception {
        // given
        String coupon = "sale-" + attack.id();
        system.createCoupon(coupon, GOOD_CLAIMS / 2);
        int connections = switch (attack) {
            case SLOW_READING, BAD_TOKENS, ONE_USER, MANY_USERS, FLOOD -> BUSY_CONNECTIONS;
            case FULL_COUPON -> STOCK_WAITERS;
            case TRICKLED_BODIES, TRICKLED_HEADS, IDLE, UNREAD_ANSWERS, EVENT_STREAMS, UNREAD_EVENTS, HUGE_HEADERS,
                    RESULT_WAITS ->
                BAD_CONNECTIONS;
        };
        String full = attack == Attack.FULL_COUPON
                ? SaleUnderAttack.createFullCoupon(system, "full", connections)
                : "";
        var job = new AttackJob(system.url().toString(), attack, connections, SaleUnderAttack.BAD_ADDRESS,
                attack == Attack.BAD_TOKENS ? usersWithBadTokens : badUsers, coupon, full);
        try (AttackRun run = AttackRun.start(job)) {
            if (attack == Attack.FULL_COUPON) {
                // At first all these claims are in flight at the same time, until the gate has answered.
                await().until(() -> run.answered() >= STOCK_WAITERS - CLAIMS_IN_FLIGHT_MAX / 2);
            }

            if (attack == Attack.ONE_USER) {
                await("more claims than one user may send at once").until(() -> run.answered() > USER_BURST);
            }

            // when
            LoadResult good = generator.run(new LoadJob(system.url().toString(),
                    ClaimPattern.of(coupon, "good").waiting(), Arrivals.CLOSED_LOOP, 0, GOOD_CONNECTIONS, true, false,
                    GOOD_CLAIMS, TIMEOUT.toMillis(), goodCallers));

            // then
            AttackResult bad = run.stop();
            assertThat(good.byStatus().keySet()).as("%s", bad).isSubsetOf(201, 202, 409);
            assertThat(good.errors()).as(good.firstError()).isZero();
            assertThat(good.latency().count()).isEqualTo(GOOD_CLAIMS);
            assertThat(bad.refused()).isZero();
            switch (attack) {
                case BAD_TOKENS -> assertThat(bad.answers()).containsOnlyKeys(401);
                case HUGE_HEADERS -> assertThat(bad.answers()).containsOnlyKeys(431);
                case ONE_USER -> assertThat(bad.answers()).containsKey(429);
                case EVENT_STREAMS -> assertThat(bad.answers()).containsOnly(Map.entry(200, (long) BAD_CONNECTIONS));
                case TRICKLED_BODIES, TRICKLED_HEADS, IDLE, FULL_COUPON, RESULT_WAITS -> assertThat(bad.open())
                        .isEqualTo(connections);
                case UNREAD_ANSWERS, UNREAD_EVENTS, SLOW_READING, MANY_USERS, FLOOD -> assertThat(bad.closed())
                        .isZero();
            }
        }
    }
}
