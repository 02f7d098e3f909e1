package io.firstcome.standalone.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.firstcome.kit.service.StartFailure;

/** Waits as a load balancer does: by asking {@code /readyz}. */
final class Readiness {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private Readiness() {}

    /** @throws StartFailure with the service's own words when it is not ready within 90 s */
    static void await(String url) {
        Instant begin = Instant.now();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Optional<String> problem = ask(client, url);
            while (problem.isPresent()) {
                if (Duration.between(begin, Instant.now()).compareTo(PATIENCE) > 0) {
                    throw new StartFailure(url + " did not become ready: " + problem.get());
                }
                Thread.sleep(BETWEEN_LOOKS);
                problem = ask(client, url);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for " + url, e);
        }
    }

    /** What keeps the service from serving; nothing when it is ready. */
    private static Optional<String> ask(HttpClient client, String url) throws InterruptedException {
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
