package io.firstcome.standalone.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts everything and stays in the foreground until the process is stopped. */
@Command(name = "up",
        description = "Start everything on this machine and stay in the foreground; Ctrl-C stops everything.",
        mixinStandardHelpOptions = true, sortOptions = false)
final class UpCommand implements Callable<Integer> {

    @Mixin
    private StackArguments arguments;

    private volatile boolean serving;

    @Override
    public Integer call() throws InterruptedException {
        Instant begin = Instant.now();
        LogFile.in(arguments.dataDirectory());
        try (Stack stack = new Stack(arguments.options(), StartProgress::print)) {
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
        System.out.println("stopping ...");
        stack.close();
        System.out.println("stopped; start again with the same data directory to continue");
    }

    private void print(Endpoints endpoints, Duration startTime) {
        System.out.printf("""

                  public API    %s/v1/coupons   (documentation at /docs)
                  admin API     %s/v1/coupons   (token in %s)
                  authority     %s
                  sink          %s
                  Kafka         %s
                  Redis         %s
                  MySQL         %s
                  log           %s

                started in %.1f s; Ctrl-C stops everything and keeps the data
                ready: %s
                """, endpoints.http(), endpoints.admin(), Endpoints.fileIn(arguments.dataDirectory()),
                endpoints.processor(), endpoints.sink(), endpoints.kafka(), endpoints.redis(), endpoints.jdbc(),
                LogFile.pathIn(arguments.dataDirectory()), startTime.toMillis() / 1000.0, endpoints.http());
    }
}
