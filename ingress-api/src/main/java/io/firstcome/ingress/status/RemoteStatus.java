package io.firstcome.ingress.status;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.kit.status.ComponentStatus;
import io.firstcome.kit.status.ComponentStatus.Level;

/** Reads the status of another service from its {@code GET /v1/status}. */
final class RemoteStatus implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT).build();
    private final String name;
    private final URI service;
    private final String setting;

    /**
     * @param name the component
     * @param service the base URL
     * @param setting the setting with this URL, for the detail
     */
    RemoteStatus(String name, URI service, String setting) {
        this.name = name;
        this.service = service;
        this.setting = setting;
    }

    /** Asks the service. The result comes within a second and is never a failure. */
    CompletableFuture<ComponentStatus> ask() {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/v1/status")).build();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request, BodyHandlers.ofByteArray());
        CompletableFuture<ComponentStatus> status = response.copy()
                .orTimeout(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS).thenApply(this::read).exceptionally(this::failed);
        status.whenComplete((_, _) -> response.cancel(true));
        return status;
    }

    private ComponentStatus read(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            return unknown("answered " + response.statusCode() + " to " + response.uri() + ". Check that " + setting
                    + " leads to the service and that the service has the version of the ingress");
        }
        try {
            return read(Json.read(response.body(), JsonNode.class));
        } catch (ContractViolation e) {
            return unknown("sent a status that cannot be read (" + e.getMessage() + "). Check " + setting);
        }
    }

    /** Reads the known members only: the service may have a newer version. */
    private ComponentStatus read(JsonNode body) {
        Level level = Arrays.stream(Level.values())
                .filter(it -> it.name().equals(body.path("status").asText())).findAny()
                .orElseThrow(() -> new ContractViolation("status", "is missing or not known"));
        JsonNode lag = body.path("lag");
        JsonNode stopped = body.path("stoppedPartitions");
        return new ComponentStatus(name, level, body.path("detail").asText(null),
                lag.isIntegralNumber() ? lag.asLong() : null, stopped.isIntegralNumber() ? stopped.asInt() : null);
    }

    private ComponentStatus failed(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof ConnectException
                ? ComponentStatus.of(name, Level.DOWN,
                        "No connection to " + service + ". Start the service, or correct "
                                + setting + ".")
                : unknown("gave no complete answer within " + TIMEOUT.toMillis() + " ms (" + cause + ")");
    }

    private ComponentStatus unknown(String what) {
        return ComponentStatus.of(name, Level.UNKNOWN, "The service at " + service + " " + what + ".");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
