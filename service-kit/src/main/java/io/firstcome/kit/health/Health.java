package io.firstcome.kit.health;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Whether a service can take work (ready) and whether it is worth keeping (live). A check answers at once, from memory,
 * with what is wrong or with nothing: probes must not put load on what is already in trouble.
 */
public final class Health {

    private final Map<String, Supplier<Optional<String>>> readiness = new ConcurrentSkipListMap<>();
    private final Map<String, Supplier<Optional<String>>> liveness = new ConcurrentSkipListMap<>();
    private volatile boolean stopping;

    /** Adds a condition for taking work. */
    public Health readyWhen(String name, Supplier<Optional<String>> problem) {
        readiness.put(name, problem);
        return this;
    }

    /** Adds a condition without which only a restart helps. It is a condition for taking work too. */
    public Health liveWhen(String name, Supplier<Optional<String>> problem) {
        liveness.put(name, problem);
        return readyWhen(name, problem);
    }

    /**
     * From here on the service is not ready: the first step of every stop, so that callers go elsewhere.
     *
     * @param untilNoticed how long to wait then for them to see it; a second call does not wait again
     */
    public void stopping(Duration untilNoticed) {
        if (stopping) {
            return;
        }
        stopping = true;
        try {
            Thread.sleep(untilNoticed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the stop has begun. */
    public boolean isStopping() {
        return stopping;
    }

    /** What keeps the service from taking work, by check; empty when ready. */
    public Map<String, String> problemsOfReadiness() {
        Map<String, String> problems = problems(readiness);
        if (stopping) {
            problems.put("service", "is stopping");
        }
        return problems;
    }

    /** What only a restart can mend, by check; empty when live. */
    public Map<String, String> problemsOfLiveness() {
        return problems(liveness);
    }

    private static Map<String, String> problems(Map<String, Supplier<Optional<String>>> checks) {
        Map<String, String> problems = new ConcurrentSkipListMap<>();
        checks.forEach((name, check) -> check.get().ifPresent(problem -> problems.put(name, problem)));
        return problems;
    }
}
