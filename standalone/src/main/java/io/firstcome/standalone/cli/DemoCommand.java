package io.firstcome.standalone.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.firstcome.contract.CouponId;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.demo.Demo;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Ports;
import io.firstcome.standalone.stack.Stack;
import io.firstcome.standalone.stack.StackOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one flash sale and judges it. */
@Command(name = "demo", description = "Run one flash sale through HTTP and check every guarantee; exit code 1 if one fails.", mixinStandardHelpOptions = true, sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    private static final int MOST = 1_000_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--users", paramLabel = "N", defaultValue = "5000", description = "How many people press the button (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--stock", paramLabel = "N", defaultValue = "500", description = "How many coupons there are (${DEFAULT-VALUE}).")
    private int stock;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "500", description = "How many of the people are on the line at the same moment (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--url", paramLabel = "URL", description = "Use the stack that serves there, started with `up`, in place of one of its own.")
    private Optional<String> url;

    @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = ".firstcome", description = "With --url: the data directory of that stack (${DEFAULT-VALUE}).")
    private Path dataDirectory;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        SalePlan plan = SalePlan.of(new CouponId("demo-" + Long.toString(System.currentTimeMillis(), 36)),
                positive("--users", users), positive("--stock", stock), positive("--connections", connections));
        return url.isPresent() ? against(running(url.get()), plan) : onItsOwn(plan);
    }

    private int positive(String option, int value) {
        if (value < 1 || value > MOST) {
            throw new ParameterException(spec.commandLine(), option + " must be from 1 to " + MOST + ", not " + value);
        }
        return value;
    }

    private static int against(Endpoints endpoints, SalePlan plan)
            throws IOException, InterruptedException, SQLException {
        return Demo.run(plan, endpoints, System.out) ? 0 : 1;
    }

    private Endpoints running(String wanted) {
        return Endpoints.readFrom(dataDirectory)
                .filter(endpoints -> endpoints.http().equals(wanted.replaceAll("/+$", "")))
                .orElseThrow(() -> new StartFailure("no stack with " + wanted + " has its data in " + dataDirectory
                        + "; give the directory that it was started with as --data-dir"));
    }

    private static int onItsOwn(SalePlan plan) throws IOException, InterruptedException, SQLException {
        Path directory = Files.createTempDirectory("firstcome-demo-");
        LogFile.in(directory);
        System.out.println("Starting a real Kafka broker, Redis and MariaDB and the three services ...");
        Stack stack = new Stack(StackOptions.embedded(directory, Ports.free()), StartLines::print);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> discard(stack), "stop"));
        return against(stack.start(), plan);
    }

    private static void discard(Stack stack) {
        try {
            stack.discard();
        } catch (StartFailure leftover) {
            System.err.println("firstcome: " + leftover.getMessage() + "; delete it yourself");
        }
    }
}
