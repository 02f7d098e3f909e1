package io.firstcome.bench.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.firstcome.bench.attack.Attack;
import io.firstcome.bench.attack.AttackJob.User;
import io.firstcome.bench.attack.Attacker;
import io.firstcome.bench.attack.SaleUnderAttack;
import io.firstcome.bench.attack.TokenIssuer;
import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadGenerator;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadJob.Callers;
import io.firstcome.bench.report.BenchResult;
import io.firstcome.bench.report.Machine;
import io.firstcome.bench.report.ProtectionPage;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.run.BenchRun.Progress;
import io.firstcome.bench.system.FirstComeBuild;
import io.firstcome.bench.system.FirstComeSystem;

/**
 * Measures good callers with and without a bad caller, on one running system whose callers are users with tokens. The
 * order of the rounds is: without, with attack A, without, with attack B, and so on.
 */
public final class AttackBench {

    private static final int BAD_CONNECTIONS = 1_000;
    private static final int GOOD_CALLERS = 50;
    private static final int GOOD_CONNECTIONS = 4 * GOOD_CALLERS;
    private static final int CLAIMS_PER_SECOND = 300;
    private static final int WARM_UP_CONNECTIONS = 64;
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(40);
    /** A warm-up round that is faster by less than this factor shows no gain. */
    private static final double WARM_UP_GAIN = 1.05;

    private final BenchOptions options;
    private final List<Attack> attacks;
    private final Progress progress;
    private final Figures figures = new Figures();
    private final String stamp = Long.toString(Instant.now().getEpochSecond(), Character.MAX_RADIX);

    /** One of two neighbouring rounds. */
    private record Side(SaleUnderAttack sale, String name) {}

    /** @param attacks the attacks in the order of their rounds */
    public AttackBench(BenchOptions options, List<Attack> attacks, Progress progress) {
        this.options = options;
        this.attacks = List.copyOf(attacks);
        this.progress = progress;
    }

    /**
     * Runs all rounds.
     *
     * @param command the command line, for the report
     * @param commit the commit, for the report
     */
    public BenchResult run(String command, String commit) throws Exception {
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        int rounds = options.scale().rounds();
        progress.begin(2 * attacks.size() * rounds);
        progress.note("signing tokens");
        Path directory = options.dataDirectory().resolve("attacked");
        var issuer = new TokenIssuer();
        Callers good = goodCallers(issuer, directory);
        List<User> bad = issuer.users("bad", BAD_CONNECTIONS);
        List<User> forgers = issuer.usersWithBadTokens("bad", BAD_CONNECTIONS);
        FirstComeBuild build = options.builds().getFirst().with(issuer.settings(directory));
        Map<String, String> titles = new LinkedHashMap<>();
        Map<String, Size> sizes = new LinkedHashMap<>();
        progress.note("starting: " + build.name());
        try (var system = FirstComeSystem.start(build, directory, options.upArguments());
                LoadGenerator generator = LoadGenerator.start(options.pinned());
                Attacker attacker = new Attacker()) {
            warmUp(system, generator, good);
            List<Side> sides = new ArrayList<>();
            for (Attack attack : attacks) {
                titles.put(attack.id(), attack.description());
                List<User> users = attack == Attack.BAD_TOKENS ? forgers : bad;
                for (String name : List.of(ProtectionPage.WITHOUT, ProtectionPage.WITH)) {
                    sides.add(new Side(new SaleUnderAttack(attack, name.equals(ProtectionPage.WITH) ? attacker : null,
                            BAD_CONNECTIONS, users, good, GOOD_CONNECTIONS, CLAIMS_PER_SECOND), name));
                }
            }
            sides.forEach(side -> sizes.put(side.sale().id(), side.sale().size()));
            Interleaving.run(sides, false, rounds, (side, number) -> {
                String id = side.sale().id();
                progress.round(side.name() + " " + id + ", round " + number + " of " + rounds);
                side.sale().run(new Round(system, true, generator, options.scale(),
                        side.name() + "-" + number + "-" + stamp, figures.of(id, side.name(), number)));
            });
        }
        return new BenchResult(Machine.current(), commit, begin.toString(), command, titles, sizes, Map.of(),
                figures.all());
    }

    /** As many users as claim in one round, and some more, because the claims arrive at random times. */
    private Callers goodCallers(TokenIssuer issuer, Path directory) throws Exception {
        int users = (int) (CLAIMS_PER_SECOND * options.scale().duration().toMillis() / 1000 * 1.2);
        Path tokens = Files.createDirectories(directory).resolve("tokens.txt").toAbsolutePath();
        Files.write(tokens, issuer.users(SaleUnderAttack.USER_PREFIX, users).stream().map(User::token).toList());
        List<String> addresses = IntStream.rangeClosed(1, GOOD_CALLERS).mapToObj(n -> "127.0.1." + n).toList();
        return new Callers(addresses, tokens.toString());
    }

    /** Sends claims until two rounds in a row were hardly faster than the best one before. */
    private void warmUp(FirstComeSystem system, LoadGenerator generator, Callers good) throws Exception {
        Instant end = Instant.now().plus(WARM_UP_MAX);
        double best = 0;
        int roundsWithoutGain = 0;
        for (int round = 1; roundsWithoutGain < 2 && Instant.now().isBefore(end); round++) {
            progress.note("warm-up: round " + round);
            String coupon = "warm-" + round + "-" + stamp;
            system.createCoupon(coupon, 1_000_000);
            long claims = (long) CLAIMS_PER_SECOND * options.scale().duration().toSeconds();
            double rate = generator.run(LoadJob.closedLoop(system.url(),
                    ClaimPattern.of(coupon, SaleUnderAttack.USER_PREFIX).waiting(), WARM_UP_CONNECTIONS, claims)
                    .by(good)).perSecond();
            roundsWithoutGain = rate > best * WARM_UP_GAIN ? 0 : roundsWithoutGain + 1;
            best = Math.max(best, rate);
        }
    }
}
