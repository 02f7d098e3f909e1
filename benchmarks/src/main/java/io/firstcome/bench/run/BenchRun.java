package io.firstcome.bench.run;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.firstcome.bench.limit.BareJavalin;
import io.firstcome.bench.limit.Limits;
import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadGenerator;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.report.BenchResult;
import io.firstcome.bench.report.Machine;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.run.Plan.Step;
import io.firstcome.bench.system.CouponSystem;
import io.firstcome.bench.system.FirstComeSystem;
import io.firstcome.bench.system.Limit;
import io.firstcome.embedded.KafkaCluster;

/** Runs the selected workloads and limits, all on this machine and in interleaved rounds. */
public final class BenchRun implements AutoCloseable {

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int WARM_UP_CONNECTIONS = 64;
    /** A round that is faster by less than this factor shows no gain. */
    private static final double WARM_UP_GAIN = 1.05;
    private static final Metric READY = Metric.seconds("ready after");
    private static final Metric PER_SECOND = new Metric("per second", "", false);

    private final BenchOptions options;
    private final Progress progress;
    private final Figures figures = new Figures();
    private final Map<String, String> titles = new LinkedHashMap<>();
    private final Map<String, Size> sizes = new LinkedHashMap<>();
    private final Map<String, String> weaknesses = new LinkedHashMap<>();
    /** Distinguishes the coupons of each call of {@link #run}. */
    private String stamp = "";
    private final LoadGenerator generator;
    private final Participants participants;

    /** Reports what is running. */
    public interface Progress {

        /** Called once, before the first round. */
        void begin(int rounds);

        /** Called before each round. */
        void round(String description);

        /** Called before anything else that takes time. */
        void note(String description);
    }

    public BenchRun(BenchOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
        this.generator = LoadGenerator.start(options.pinned());
        this.participants = new Participants(options);
    }

    /**
     * Runs everything. Called again, it adds more rounds on the same systems, and the result has the rounds of all
     * calls.
     *
     * @param command the command line, for the report
     * @param commit the commit, for the report
     * @param soFar gets the result so far after each workload: a failure must not cost the figures before it
     */
    public BenchResult run(String command, String commit, Consumer<BenchResult> soFar) throws Exception {
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        stamp = Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
        Plan plan = Plan.of(options);
        progress.begin(plan.rounds() + (plan.limits() ? Limits.COUNT * (options.scale().rounds() + 1) : 0));
        boolean isLimitsDue = plan.limits();
        for (Step step : plan.steps()) {
            if (isLimitsDue && step.start() == Step.Start.ON_THREE_BROKERS) {
                // The limits belong to the servers of the workloads before.
                runLimits(Limits.all(participants.servers().servers()));
                isLimitsDue = false;
            }
            titles.put(step.workload().id(), step.workload().title());
            sizes.put(step.workload().id(), step.workload().size());
            switch (step.start()) {
                case ONCE -> runOnWarmSystems(step);
                case EACH_ROUND -> runOnFreshSystems(step);
                case ON_THREE_BROKERS -> runOnThreeBrokers(step);
            }
            soFar.accept(result(begin, command, commit));
        }
        if (isLimitsDue) {
            runLimits(Limits.all(participants.servers().servers()));
        }
        return result(begin, command, commit);
    }

    private BenchResult result(Instant begin, String command, String commit) {
        return new BenchResult(Machine.current(), commit, begin.toString(), command, titles, sizes, weaknesses,
                figures.all());
    }

    private void runOnWarmSystems(Step step) throws Exception {
        List<CouponSystem> systems = new ArrayList<>();
        for (String name : step.systems()) {
            boolean first = !participants.isRunning(name);
            CouponSystem system = participants.running(name);
            if (first) {
                warmUp(system);
            }
            systems.add(system);
        }
        Interleaving.run(systems, step.warmUp(), step.rounds(), (system, number) -> run(step, system, number));
    }

    private void runOnThreeBrokers(Step step) throws Exception {
        List<CouponSystem> systems = new ArrayList<>();
        List<KafkaCluster> clusters = new ArrayList<>();
        try {
            for (String name : step.systems()) {
                progress.note("starting: " + name + " on three brokers");
                Path directory = options.dataDirectory().resolve("three-brokers-" + name);
                clusters.add(KafkaCluster.launch(directory, 3));
                List<String> arguments = new ArrayList<>(options.upArguments());
                arguments.addAll(List.of("--kafka", clusters.getLast().bootstrapServers()));
                systems.add(FirstComeSystem.start(participants.build(name), directory, arguments));
                warmUp(systems.getLast());
            }
            Interleaving.run(systems, step.warmUp(), step.rounds(), (system, number) -> run(step, system, number));
        } finally {
            systems.forEach(CouponSystem::close);
            clusters.forEach(KafkaCluster::close);
        }
    }

    /**
     * Lets the JIT compilers of the system and of the generator see both ways of a claim, until two rounds in a row
     * were hardly faster than the best one before.
     */
    private void warmUp(CouponSystem system) throws Exception {
        String coupon = "warm-" + system.name() + "-" + stamp;
        system.createCoupon(coupon, Integer.MAX_VALUE / 100);
        Duration duration = options.scale().duration().compareTo(WARM_UP) < 0 ? options.scale().duration() : WARM_UP;
        Instant end = Instant.now().plus(options.scale().warmUp());
        double best = 0;
        int roundsWithoutGain = 0;
        for (int round = 1; roundsWithoutGain < 2 && Instant.now().isBefore(end); round++) {
            progress.note("warm-up: " + system.name() + ", round " + round);
            generator.run(LoadJob.closedLoop(system.url(), ClaimPattern.of(coupon, "u" + round), WARM_UP_CONNECTIONS,
                    duration));
            double rate = generator.run(LoadJob.closedLoop(system.url(),
                    ClaimPattern.of(coupon, "v" + round).waiting(), WARM_UP_CONNECTIONS, duration)).perSecond();
            roundsWithoutGain = rate > best * WARM_UP_GAIN ? 0 : roundsWithoutGain + 1;
            best = Math.max(best, rate);
        }
    }

    private void runLimits(List<Limit> limits) throws Exception {
        try {
            titles.put(Plan.LIMITS, "Single steps of a claim and their limits");
            Interleaving.run(limits, true, options.scale().rounds(), (limit, number) -> {
                progress.round("limits: " + limit.name() + ", round " + number + " of " + options.scale().rounds());
                figures.of(Plan.LIMITS, limit.name() + " (" + limit.unit() + ")", number)
                        .accept(PER_SECOND, limit.round(options.scale().duration()));
            });
        } finally {
            limits.forEach(Limit::close);
        }
    }

    private void run(Step step, CouponSystem system, int number) throws Exception {
        String id = step.workload().id();
        String label = system.name() + "-" + number + "-" + stamp;
        progress.round(id + ": " + system.name() + ", round " + number + " of " + step.rounds());
        if (!system.weakness().isEmpty()) {
            weaknesses.put(system.name(), system.weakness());
        }
        step.workload().run(new Round(system, participants.stores(system), generator, options.scale(), label,
                figures.of(id, system.name(), number)));
    }

    /**
     * Each round starts everything anew, servers included. FirstCome starts as its users start it, with its cache of
     * classes and profiles when the build is a project directory; the rivals have none.
     */
    private void runOnFreshSystems(Step step) throws Exception {
        warmUpGenerator();
        Interleaving.run(step.systems(), false, step.rounds(), (name, number) -> {
            Path directory = options.dataDirectory().resolve("cold-" + name + "-" + number);
            var record = figures.of(step.workload().id(), name, number);
            progress.note("starting: " + name);
            try (var servers = FirstComeSystem.start(participants.build(name), directory, options.upArguments())) {
                if (participants.isFirstCome(name)) {
                    record.accept(READY, servers.startTime().toMillis() / 1e3);
                    run(step, servers, number);
                } else {
                    try (CouponSystem rival = participants.start(name, servers, directory.resolve("rival"))) {
                        run(step, rival, number);
                    }
                }
            }
        });
    }

    /** The users' side is never cold: without this the first system would pay for the generator's JIT compilation. */
    private void warmUpGenerator() throws Exception {
        progress.note("warm-up: load generator");
        try (BareJavalin server = BareJavalin.start(options.dataDirectory().resolve("warm-up"))) {
            ClaimPattern claims = ClaimPattern.of("warm-up", "u").waiting().withKeys();
            generator.run(LoadJob.closedLoop(server.url(), claims, WARM_UP_CONNECTIONS, WARM_UP));
        }
    }

    @Override
    public void close() {
        participants.close();
        generator.close();
    }
}
