package io.firstcome.standalone.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.firstcome.kit.service.StartFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Represents the benchmarks in help and completion. The script starts them from a module that depends on this one. */
@Command(name = "bench", mixinStandardHelpOptions = true,
        description = "Measure this system beside others and beside the limits of the machine (bench --help).")
final class BenchCommand implements Callable<Integer> {

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        throw new StartFailure("the script ./firstcome runs the benchmarks: ./firstcome bench "
                + String.join(" ", arguments));
    }
}
