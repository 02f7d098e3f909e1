package io.firstcome.standalone.cli.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import io.firstcome.contract.json.Json;
import io.firstcome.kit.settings.Credentials;
import io.firstcome.standalone.cli.terminal.JsonOption;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts everything and stays in the foreground until the process is stopped. */
@Command(name = "up",
        description = "Start everything on this machine and stay in the foreground; Ctrl-C stops everything.",
        mixinStandardHelpOptions = true, sortOptions = false)
public final class UpCommand implements Callable<Integer> {

    @Mixin
    private StackArguments arguments;

    @Mixin
    private JsonOption json;

    private volatile boolean serving;

    @Override
    public Integer call() throws InterruptedException {
        Instant begin = Instant.now();
        try (Stack stack = new Stack(arguments.options(), StartProgress.on(messages()))) {
            // Not before: the log of the stack that runs in the directory must stay, and --fresh deletes an old one.
            LogFile.in(arguments.dataDirectory());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack), "stop"));
            Endpoints endpoints = stack.start();
            stack.warnings().forEach(warning -> System.err.println("firstcome: " + warning));
            print(endpoints, Duration.between(begin, Instant.now()));
            serving = true;
            new CountDownLatch(1).await();
        }
        return 0;
    }

    /** Prints nothing when the start failed: the error message was printed already. */
    private void stop(Stack stack) {
        if (!serving) {
            stack.close();
            return;
        }
        messages().println("stopping ...");
        stack.close();
        messages().println("stopped; start again with the same data directory to continue");
    }

    private PrintStream messages() {
        return json.isSet() ? System.err : System.out;
    }

    private void print(Endpoints endpoints, Duration startTime) {
        Path directory = arguments.dataDirectory();
        if (json.isSet()) {
            System.err.print(NextSteps.text(endpoints, directory));
            JsonOption.print(Json.mapper().createObjectNode().put("consoleUrl", endpoints.admin() + "/")
                    .put("url", endpoints.http()).put("adminUrl", endpoints.admin())
                    .put("tokenFile", Endpoints.fileIn(directory).toString())
                    .put("processorUrl", endpoints.processor()).put("sinkUrl", endpoints.sink())
                    .put("kafka", endpoints.kafka()).put("redis", Credentials.hiddenIn(endpoints.redis()))
                    .put("jdbcUrl", Credentials.hiddenIn(endpoints.jdbc()))
                    .put("logFile", LogFile.pathIn(directory).toString()).put("startMillis", startTime.toMillis()));
            return;
        }
        System.out.print(NextSteps.text(endpoints, directory));
        System.out.printf("""
                  log           %s

                started in %.1f s; Ctrl-C stops everything and keeps the data
                ready: %s
                """, LogFile.pathIn(directory), startTime.toMillis() / 1000.0, endpoints.http());
    }
}
