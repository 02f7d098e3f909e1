package io.firstcome.bench.run;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadGenerator;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.report.BenchResult;
import io.firstcome.bench.report.Machine;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.run.Plan.Step;
import io.firstcome.bench.system.CouponSystem;
import io.firstcome.bench.system.FirstComeBuild;
import io.firstcome.bench.system.FirstComeSystem;
import io.firstcome.bench.workload.Round;

/** Runs the selected workloads and limits, all on this machine and in interleaved rounds. */
public final class BenchRun implements AutoCloseable {

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int WARM_UP_CONNECTIONS = 64;
    private static final Metric READY = Metric.seconds("ready after");

    private final BenchOptions options;
    private final Progress progress;
    private final Figures figures = new Figures();
    private final Map<String, String> titles = new LinkedHashMap<>();
    private final Map<String, String> weaknesses = new LinkedHashMap<>();
    private final String stamp = Long.toString(Instant.now().getEpochSecond(), Character.MAX_RADIX);
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
     * Runs everything.
     *
     * @param command the command line, for the report
     * @param commit the commit, for the report
     */
    public BenchResult run(String command, String commit) throws Exception {
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Plan plan = Plan.of(options);
        progress.begin(plan.rounds());
        for (Step step : plan.steps()) {
            titles.put(step.workload().id(), step.workload().title());
            if (step.fresh()) {
                runOnFreshSystems(step);
            } else {
                runOnWarmSystems(step);
            }
        }
        return new BenchResult(Machine.current(), commit, begin.toString(), command, titles, weaknesses,
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
        int firstRound = step.warmUp() ? 0 : 1;
        for (int number = firstRound; number <= step.rounds(); number++) {
            for (CouponSystem system : systems) {
                run(step, system, number);
            }
        }
    }

    /** Lets the JIT compilers of the system and of the generator see both ways of a claim. */
    private void warmUp(CouponSystem system) throws Exception {
        progress.note("warm-up: " + system.name());
        String coupon = "warm-" + system.name() + "-" + stamp;
        system.createCoupon(coupon, Integer.MAX_VALUE / 100);
        ClaimPattern claims = ClaimPattern.of(coupon, "u");
        generator.run(LoadJob.closedLoop(system.url(), claims, WARM_UP_CONNECTIONS, WARM_UP));
        generator.run(LoadJob.closedLoop(system.url(), ClaimPattern.of(coupon, "v").waiting(), WARM_UP_CONNECTIONS,
                WARM_UP));
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

    /** Each round starts everything anew, servers included, so that rivals are as cold as FirstCome. */
    private void runOnFreshSystems(Step step) throws Exception {
        for (int number = 1; number <= step.rounds(); number++) {
            for (String name : step.systems()) {
                Path directory = options.dataDirectory().resolve("cold-" + name + "-" + number);
                var record = figures.of(step.workload().id(), name, number);
                FirstComeBuild build = participants.build(name);
                try (var servers = FirstComeSystem.start(build, directory, options.upArguments())) {
                    if (participants.isFirstCome(name)) {
                        record.accept(READY, servers.startTime().toMillis() / 1e3);
                        run(step, servers, number);
                    } else {
                        Instant start = Instant.now();
                        try (CouponSystem rival = participants.start(name, servers, directory.resolve("rival"))) {
                            record.accept(READY, Duration.between(start, Instant.now()).toMillis() / 1e3);
                            run(step, rival, number);
                        }
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        participants.close();
        generator.close();
    }
}
