package io.firstcome.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.firstcome.bench.workload.Accepted;
import io.firstcome.bench.workload.Idle;
import io.firstcome.bench.workload.Sale;
import io.firstcome.bench.workload.Scale;
import io.firstcome.bench.workload.SoldOut;
import io.firstcome.bench.workload.Verdicts;
import io.firstcome.bench.workload.Workload;

/** What a run does, in order. */
record Plan(List<Step> steps) {

    private static final int CONNECTIONS = 128;

    /**
     * One workload.
     *
     * @param systems the names of the systems that take part, in the order of a round
     * @param rounds the number of measured rounds
     * @param warmUp whether a warm-up round of the workload comes first
     * @param fresh whether every round starts its system anew
     */
    record Step(Workload workload, List<String> systems, int rounds, boolean warmUp, boolean fresh) {

        int count() {
            return systems.size() * (rounds + (warmUp ? 1 : 0));
        }
    }

    static Plan of(BenchOptions options) {
        List<String> builds = Participants.buildNames(options);
        List<String> withRivals = join(builds, Participants.rivalNames(options));
        List<String> withBare = builds;
        List<String> all = withRivals;
        Scale scale = options.scale();
        List<Step> steps = new ArrayList<>();
        Sale small = new Sale("a-cold", "(a) Just started", 5_000, 500, 500, false, false);
        steps.add(new Step(small, withRivals, Math.max(1, scale.rounds() - 2), false, true));
        steps.add(step(new SoldOut(false, CONNECTIONS), all, scale));
        steps.add(step(new SoldOut(true, CONNECTIONS), withBare, scale));
        steps.add(step(new Accepted(CONNECTIONS), all, scale));
        steps.add(step(new Verdicts("verdict-128", 128, 1), withBare, scale));
        steps.add(step(new Verdicts("verdict-512", 512, 1), withBare, scale));
        steps.add(step(new Idle(), builds, scale));
        steps.add(step(new Sale("a-warm", "(a) Warm", 5_000, 500, 500, false, false), withRivals, scale));
        steps.add(step(new Sale("b", "(b) Warm", 20_000, 20_000, 200, false, true), withRivals, scale));
        steps.add(step(new Sale("burst", "Warm", 5_000, 500, 5_000, true, false), builds, scale));
        steps.add(step(new Verdicts("f", 128, 2), builds, scale));
        return new Plan(steps.stream().filter(step -> isSelected(step.workload().id(), options.only())).toList());
    }

    /** The number of all rounds. */
    int rounds() {
        return steps.stream().mapToInt(Step::count).sum();
    }

    private static Step step(Workload workload, List<String> systems, Scale scale) {
        return new Step(workload, systems, scale.rounds(), true, false);
    }

    /** A selection names a workload or the part of its id before the hyphen. */
    private static boolean isSelected(String id, Set<String> only) {
        return only.isEmpty() || only.contains(id) || only.contains(id.split("-", 2)[0]);
    }

    private static List<String> join(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
