package io.firstcome.kit.health;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Whether a service can take requests (ready), and whether it can recover without a restart (live). Each check returns
 * a problem text, or nothing when all is well. A check answers at once from memory: a probe must not add load to a
 * component that already fails.
 */
public final class Health {

    private final Map<String, Supplier<Optional<String>>> readiness = new ConcurrentSkipListMap<>();
    private final Map<String, Supplier<Optional<String>>> liveness = new ConcurrentSkipListMap<>();
    private volatile boolean stopping;

    /** Adds a condition of readiness. */
    public Health readyWhen(String name, Supplier<Optional<String>> problem) {
        readiness.put(name, problem);
        return this;
    }

    /**
     * Adds a condition of liveness, which is also one of readiness. The problem must be permanent: a process that
     * {@link io.firstcome.kit.service.ServiceMain} runs ends when it sees one.
     */
    public Health liveWhen(String name, Supplier<Optional<String>> problem) {
        liveness.put(name, problem);
        return readyWhen(name, problem);
    }

    /**
     * Makes the service not ready. This is the first step of every stop, so that callers go elsewhere.
     *
     * @param delay how long to wait afterwards, so that load balancers notice; a second call does not wait again
     */
    public void stopping(Duration delay) {
        if (stopping) {
            return;
        }
        stopping = true;
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the stop has begun. */
    public boolean isStopping() {
        return stopping;
    }

    /** The problems that keep the service from taking requests, by check; empty when ready. */
    public Map<String, String> problemsOfReadiness() {
        Map<String, String> problems = problems(readiness);
        if (stopping) {
            problems.put("service", "is stopping");
        }
        return problems;
    }

    /** The problems that only a restart solves, by check; empty when live. */
    public Map<String, String> problemsOfLiveness() {
        return problems(liveness);
    }

    private static Map<String, String> problems(Map<String, Supplier<Optional<String>>> checks) {
        Map<String, String> problems = new ConcurrentSkipListMap<>();
        checks.forEach((name, check) -> check.get().ifPresent(problem -> problems.put(name, problem)));
        return problems;
    }
}
