package io.firstcome.bench.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.firstcome.bench.round.Scale;
import io.firstcome.bench.system.FirstComeBuild;

/**
 * What one run measures.
 *
 * @param builds the builds of FirstCome to measure; the servers of the first one serve the rivals too
 * @param upArguments further arguments of {@code up}, such as {@code --jdbc-url}
 * @param dataDirectory a directory for the data of all systems
 * @param scale how much is measured
 * @param only the selected workloads and groups; empty for all
 * @param users the users of the flash sale (a)
 * @param stock the coupons of the flash sale (a)
 * @param rivals whether the rivals take part
 * @param pinned whether the load generator is pinned to one processor
 */
public record BenchOptions(List<FirstComeBuild> builds, List<String> upArguments, Path dataDirectory, Scale scale,
        Set<String> only, long users, long stock, boolean rivals, boolean pinned) {

    public BenchOptions {
        builds = List.copyOf(builds);
        upArguments = List.copyOf(upArguments);
        only = Set.copyOf(only);
    }
}
