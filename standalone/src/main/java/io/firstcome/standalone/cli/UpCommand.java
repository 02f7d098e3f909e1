package io.firstcome.standalone.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts everything and stays in the foreground until it is told to end. */
@Command(name = "up", description = "Start everything on this machine and stay in the foreground; Ctrl-C stops all of it.", mixinStandardHelpOptions = true, sortOptions = false)
final class UpCommand implements Callable<Integer> {

    @Mixin
    private StackArguments arguments;

    private volatile boolean serving;

    @Override
    public Integer call() throws InterruptedException {
        Instant begin = Instant.now();
        LogFile.in(arguments.dataDirectory());
        try (Stack stack = new Stack(arguments.options(), StartLines::print)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack), "stop"));
            print(stack.start(), Duration.between(begin, Instant.now()));
            serving = true;
            new CountDownLatch(1).await();
        }
        return 0;
    }

    /** What failed to start has said why; only what served has something to add. */
    private void stop(Stack stack) {
        if (!serving) {
            stack.close();
            return;
        }
        System.out.println("stopping ...");
        stack.close();
        System.out.println("stopped; start again with the same data directory to go on");
    }

    private void print(Endpoints endpoints, Duration took) {
        System.out.printf("""

                  public API    %s/v1/coupons   (described at /docs)
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
                LogFile.pathIn(arguments.dataDirectory()), took.toMillis() / 1000.0, endpoints.http());
    }
}
