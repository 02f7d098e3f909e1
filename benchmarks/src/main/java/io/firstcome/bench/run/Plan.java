package io.firstcome.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.firstcome.bench.limit.BareJavalin;
import io.firstcome.bench.round.Scale;
import io.firstcome.bench.round.Workload;
import io.firstcome.bench.run.Plan.Step.Start;
import io.firstcome.bench.workload.Accepted;
import io.firstcome.bench.workload.Growth;
import io.firstcome.bench.workload.ManyCoupons;
import io.firstcome.bench.workload.OpenLoop;
import io.firstcome.bench.workload.Sale;
import io.firstcome.bench.workload.SoldOut;
import io.firstcome.bench.workload.SteadyRate;
import io.firstcome.bench.workload.AwaitedDecisions;

/** What a run does, in order. */
record Plan(List<Step> steps, boolean limits) {

    /** The id of the limits in reports and for the selection. */
    static final String LIMITS = "limits";

    private static final int CONNECTIONS = 128;

    /**
     * One workload.
     *
     * @param systems the names of the systems that take part, in the order of a round
     * @param rounds the number of measured rounds
     * @param warmUp whether a warm-up round of the workload comes first
     * @param start when the systems are started, and on which brokers
     */
    record Step(Workload workload, List<String> systems, int rounds, boolean warmUp, Start start) {

        /** When the systems of a step are started. */
        enum Start {
            /** When they are first needed; they run until the end. */
            ONCE,
            /** For every round, with their servers. */
            EACH_ROUND,
            /** For this step, each on three brokers of its own. */
            ON_THREE_BROKERS
        }

        int count() {
            return systems.size() * (rounds + (warmUp ? 1 : 0));
        }
    }

    static Plan of(BenchOptions options) {
        List<String> builds = Participants.buildNames(options);
        List<String> rivals = Participants.rivalNames(options);
        List<String> bare = List.of(BareJavalin.NAME);
        List<String> buildsAndBare = join(bare, builds);
        List<String> buildsAndRivals = join(builds, rivals);
        List<String> all = join(buildsAndBare, rivals);
        Scale scale = options.scale();
        boolean full = scale.divisor() == 1;
        List<Step> steps = new ArrayList<>();
        // Further systems on a cluster that was given would share the topics of the one that runs.
        if (!options.upArguments().contains("--kafka")) {
            steps.add(new Step(new Sale("a-cold", "(a) Just started", options.users(), options.stock(), 500, false),
                    buildsAndRivals, full ? 3 : 1, false, Start.EACH_ROUND));
        }
        steps.add(step(new SoldOut(false, CONNECTIONS), full ? all : buildsAndBare, scale));
        steps.add(step(new SoldOut(true, CONNECTIONS), buildsAndBare, scale));
        steps.add(step(new Accepted(CONNECTIONS), all, scale));
        steps.add(step(new AwaitedDecisions("decision-128", 128, 1), buildsAndBare, scale));
        steps.add(step(new AwaitedDecisions("decision-512", 512, 1), buildsAndBare, scale));
        steps.add(step(new AwaitedDecisions("idle", 1, 1), builds, scale));
        steps.add(step(new Sale("a-warm", "(a) Warm", options.users(), options.stock(), 500, false),
                buildsAndRivals, scale));
        steps.add(step(new Sale("b", "(b) Warm", 20_000 / scale.divisor(), 20_000 / scale.divisor(), 200, false),
                buildsAndRivals, scale));
        steps.add(step(new Sale("burst", "Warm", 5_000, 500, 5_000, true), builds, scale));
        steps.add(new Step(new Sale("c", "(c) One hot coupon", 1_000_000 / scale.divisor(),
                100_000 / scale.divisor(), 512, false), builds,
                full ? 2 : 1, false, Start.ONCE));
        steps.add(new Step(new ManyCoupons(1_000, 200, 256), builds, full ? 2 : 1, false, Start.ONCE));
        steps.add(step(new AwaitedDecisions("f", 128, 2), builds, scale));
        steps.add(new Step(new OpenLoop(512), builds, full ? 3 : 1, false, Start.ONCE));
        steps.add(new Step(new Growth(full ? 6 : 5, CONNECTIONS), builds, 1, false, Start.ONCE));
        if (!options.upArguments().contains("--kafka")) {
            steps.add(new Step(new SteadyRate("i", 120, CONNECTIONS), builds, scale.rounds(), true,
                    Start.ON_THREE_BROKERS));
        }
        return new Plan(steps.stream().filter(step -> isSelected(step.workload().id(), options.only())).toList(),
                isSelected(LIMITS, options.only()));
    }

    /** The number of all rounds. */
    int rounds() {
        return steps.stream().mapToInt(Step::count).sum();
    }

    private static Step step(Workload workload, List<String> systems, Scale scale) {
        return new Step(workload, systems, scale.rounds(), true, Start.ONCE);
    }

    /** A selection names a workload or the part of its id before the hyphen. */
    private static boolean isSelected(String id, Set<String> only) {
        return only.isEmpty() || only.contains(id) || only.contains(id.split("-", 2)[0]);
    }

    private static List<String> join(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
