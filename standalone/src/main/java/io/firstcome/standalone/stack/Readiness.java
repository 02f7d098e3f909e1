package io.firstcome.standalone.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

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
            HttpResponse<String> answer = ask(client, url);
            while (answer.statusCode() != 200) {
                if (Duration.between(begin, Instant.now()).compareTo(PATIENCE) > 0) {
                    throw new StartFailure(url + " did not become ready: " + answer.body());
                }
                Thread.sleep(BETWEEN_LOOKS);
                answer = ask(client, url);
            }
        } catch (IOException e) {
            throw new StartFailure(url + " does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for " + url, e);
        }
    }

    private static HttpResponse<String> ask(HttpClient client, String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/readyz")).timeout(Duration.ofSeconds(5))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
