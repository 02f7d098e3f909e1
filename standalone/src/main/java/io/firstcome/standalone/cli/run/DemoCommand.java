package io.firstcome.standalone.cli.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.standalone.cli.terminal.CallerDirectory;
import io.firstcome.standalone.cli.terminal.ExitCode;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.demo.Demo;
import io.firstcome.standalone.demo.DemoResult;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Ports;
import io.firstcome.standalone.stack.Stack;
import io.firstcome.standalone.stack.StackOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one flash sale and checks every guarantee. */
@Command(name = "demo",
        description = "Run one flash sale through HTTP and check every guarantee; exit code 1 if one fails.",
        mixinStandardHelpOptions = true, sortOptions = false)
public final class DemoCommand implements Callable<Integer> {

    private static final int MAX = 1_000_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--users", paramLabel = "N", defaultValue = "5000",
            description = "Number of users who claim a coupon (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--stock", paramLabel = "N", defaultValue = "500",
            description = "Number of coupons (${DEFAULT-VALUE}).")
    private int stock;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "500",
            description = "Maximum number of concurrent claims (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--url", paramLabel = "URL",
            description = "Use the running stack with this public API URL instead of starting one.")
    private Optional<String> url;

    @Option(names = "--data-dir", paramLabel = "DIR", converter = CallerDirectory.Converter.class,
            defaultValue = Endpoints.DEFAULT_DIRECTORY,
            description = "With --url: the data directory of the running stack (${DEFAULT-VALUE}).")
    private Path dataDirectory;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        SalePlan plan = SalePlan.of(new CouponId("demo-" + Long.toString(System.currentTimeMillis(), 36)),
                positive("--users", users), positive("--stock", stock), positive("--connections", connections));
        if (url.isEmpty()) {
            return runOnNewStack(plan);
        }
        Endpoints endpoints = runningStack(url.get());
        return run(plan, endpoints, KafkaConnection.from(Environment.read()).to(endpoints.kafka()));
    }

    private int positive(String option, int value) {
        if (value < 1 || value > MAX) {
            throw new ParameterException(spec.commandLine(), option + " must be from 1 to " + MAX + ", not " + value);
        }
        return value;
    }

    private int run(SalePlan plan, Endpoints endpoints, KafkaConnection kafka)
            throws IOException, InterruptedException, SQLException {
        DemoResult result = Demo.run(plan, endpoints, kafka, messages());
        if (json.isSet()) {
            JsonOption.print(result.json());
        }
        return result.holds() ? ExitCode.OK : ExitCode.NO;
    }

    private PrintStream messages() {
        return json.isSet() ? System.err : System.out;
    }

    private Endpoints runningStack(String wantedUrl) {
        return Endpoints.readFrom(dataDirectory)
                .filter(endpoints -> endpoints.http().equals(wantedUrl.replaceAll("/+$", "")))
                .orElseThrow(() -> new StartFailure("no stack with URL " + wantedUrl + " uses the data directory "
                        + dataDirectory + "; set --data-dir to the data directory of that stack"));
    }

    private int runOnNewStack(SalePlan plan) throws IOException, InterruptedException, SQLException {
        Path directory = Files.createTempDirectory("firstcome-demo-");
        LogFile.in(directory);
        messages().println("Starting a real Kafka broker, Redis, MariaDB and the three services ...");
        Stack stack = new Stack(StackOptions.embedded(directory, Ports.free()), StartProgress.on(messages()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> discard(stack), "stop"));
        Endpoints endpoints = stack.start();
        return run(plan, endpoints, new KafkaConnection(endpoints.kafka()));
    }

    private static void discard(Stack stack) {
        try {
            stack.discard();
        } catch (StartFailure e) {
            System.err.println("firstcome: " + e.getMessage() + "; delete it manually");
        }
    }
}
