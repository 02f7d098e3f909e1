package io.firstcome.kit.service;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.health.Health;

/**
 * The main method that all services share: start, print the URL, run until SIGTERM or until a loop dies, stop in order.
 */
public final class ServiceMain {

    /** Exit code of a service that could not start. The reason, which a person can act on, is on standard error. */
    public static final int CANNOT_START = 2;

    /**
     * Exit code of a service that stopped because it was no longer live, such as after an {@link Error} in one of its
     * loops. A restart helps. The number is {@code EX_SOFTWARE} of BSD's {@code sysexits.h}.
     */
    public static final int NOT_LIVE = 70;

    /** Exit code of a service whose start failed for a reason that is not known; the log has the stack trace. */
    public static final int START_FAILED = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);
    private static final Duration LIVENESS_CHECK_INTERVAL = Duration.ofSeconds(1);

    private ServiceMain() {}

    /** Runs a service until the process is stopped, or until the service reports a problem of liveness. */
    public static void run(String name, Function<Map<String, String>, ? extends Service> start)
            throws InterruptedException {
        try {
            Service service = start.apply(Environment.read());
            Runtime.getRuntime().addShutdownHook(new Thread(service::close, "stop-" + name));
            System.out.println(name + " ready: " + service.url());
            awaitDeath(name, service.health());
            System.exit(NOT_LIVE);
        } catch (StartFailure failure) {
            System.err.println(name + ": " + failure.getMessage());
            System.exit(CANNOT_START);
        } catch (RuntimeException | Error e) {
            // Other threads may keep the process running although the service did not start.
            LOG.error("{} did not start", name, e);
            System.exit(START_FAILED);
        }
    }

    private static void awaitDeath(String name, Health health) throws InterruptedException {
        Map<String, String> problems = health.problemsOfLiveness();
        while (problems.isEmpty()) {
            Thread.sleep(LIVENESS_CHECK_INTERVAL);
            problems = health.problemsOfLiveness();
        }
        LOG.error("{} stops with exit code {} because it is not live: {}", name, NOT_LIVE, problems);
    }
}
