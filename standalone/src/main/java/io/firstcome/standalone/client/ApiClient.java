package io.firstcome.standalone.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;

/** Sends JSON requests to one port of the HTTP API. */
public final class ApiClient implements AutoCloseable {

    /** Longer than the longest {@code Prefer: wait}, which is 30 seconds. */
    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT).build();
    private final URI server;
    private final Optional<String> token;

    /**
     * @param server the base URL
     * @param token the bearer token to send with each request
     */
    public ApiClient(URI server, Optional<String> token) {
        this.server = server;
        this.token = token;
    }

    /** The base URL. */
    public URI server() {
        return server;
    }

    /** Sends a GET request. */
    public ApiAnswer get(String path) throws IOException, InterruptedException {
        return send("GET", path, Map.of(), Optional.empty());
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param body is sent as JSON
     * @throws IOException when there is no complete answer; the server may or may not have processed the request
     */
    public ApiAnswer send(String method, String path, Map<String, String> headers, Optional<Object> body)
            throws IOException, InterruptedException {
        BodyPublisher publisher = BodyPublishers.ofByteArray(body.map(Json::write).orElse(new byte[0]));
        var request = HttpRequest.newBuilder(URI.create(server + path)).timeout(TIMEOUT).method(method, publisher);
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        headers.forEach(request::header);
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        return new ApiAnswer(response.statusCode(), json(response.body()),
                response.headers().firstValue("Retry-After").flatMap(ApiClient::seconds));
    }

    private static JsonNode json(byte[] body) {
        try {
            return Json.read(body, JsonNode.class);
        } catch (ContractViolation _) {
            // A proxy or another server answered with a page.
            return MissingNode.getInstance();
        }
    }

    private static Optional<Duration> seconds(String text) {
        return text.matches("\\d{1,6}") ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
