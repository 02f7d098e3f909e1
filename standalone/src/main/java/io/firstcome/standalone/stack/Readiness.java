package io.firstcome.standalone.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firstcome.kit.service.Service;
import io.firstcome.kit.service.StartFailure;

/** Waits until {@code /readyz} of a service returns 200. */
final class Readiness {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private Readiness() {}

    /**
     * Returns once the service is ready, but for tolerated checks.
     *
     * @param tolerated checks that need not pass
     * @return the problems of tolerated checks
     * @throws StartFailure with the service's last answer when it is not ready within 90 s
     */
    static Map<String, String> await(Service service, Set<String> tolerated) {
        String url = service.url();
        Instant begin = Instant.now();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Optional<String> problem = problem(client, url);
            Map<String, String> problems = service.health().problemsOfReadiness();
            while (problem.isPresent() && (problems.isEmpty() || !tolerated.containsAll(problems.keySet()))) {
                if (Duration.between(begin, Instant.now()).compareTo(TIMEOUT) > 0) {
                    throw new StartFailure(url + " did not become ready: " + problem.get());
                }
                Thread.sleep(POLL_INTERVAL);
                problem = problem(client, url);
                problems = service.health().problemsOfReadiness();
            }
            return problem.isPresent() ? problems : Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for " + url, e);
        }
    }

    /** The reason why the service is not ready; empty when it is ready. */
    private static Optional<String> problem(HttpClient client, String url) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/readyz")).timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.empty() : Optional.of(answer.body());
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }
}
