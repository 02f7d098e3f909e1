package io.firstcome.ingress.status;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
    private final List<URI> instances;
    private final String setting;
    private final Lag lag;

    /** What the lag of one instance covers. */
    enum Lag {
        /** The partitions of this instance. */
        OWN,
        /** The partitions of all instances. */
        OF_ALL
    }

    /**
     * @param name the component
     * @param instances the base URLs of its instances
     * @param setting the setting with these URLs, for the detail
     * @param lag what the lag covers that one instance reports
     */
    RemoteStatus(String name, List<URI> instances, String setting, Lag lag) {
        this.name = name;
        this.instances = instances;
        this.setting = setting;
        this.lag = lag;
    }

    /** Asks all instances. The result comes within a second and is never a failure. */
    CompletableFuture<ComponentStatus> ask() {
        List<CompletableFuture<ComponentStatus>> asked = instances.stream().map(this::ask).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(_ -> ofAll(asked.stream().map(CompletableFuture::join).toList()));
    }

    private CompletableFuture<ComponentStatus> ask(URI instance) {
        HttpRequest request = HttpRequest.newBuilder(instance.resolve("/v1/status")).build();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request, BodyHandlers.ofByteArray());
        CompletableFuture<ComponentStatus> status = response.copy()
                .orTimeout(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS).thenApply(it -> read(instance, it))
                .exceptionally(failure -> failed(instance, failure));
        status.whenComplete((_, _) -> response.cancel(true));
        return status;
    }

    /** The status of the component. A sum to which an instance did not contribute is not known. */
    private ComponentStatus ofAll(List<ComponentStatus> statuses) {
        if (statuses.size() == 1) {
            return statuses.getFirst();
        }
        List<String> details = new ArrayList<>();
        for (int i = 0; i < statuses.size(); i++) {
            String detail = statuses.get(i).detail();
            if (detail != null) {
                details.add(detail.contains(instances.get(i).toString()) ? detail : instances.get(i) + ": " + detail);
            }
        }
        List<Long> lags = statuses.stream().map(ComponentStatus::lag).filter(Objects::nonNull).toList();
        List<Integer> stopped = statuses.stream().map(ComponentStatus::stoppedPartitions).filter(Objects::nonNull)
                .toList();
        return new ComponentStatus(name, level(statuses), details.isEmpty() ? null : String.join(" ", details),
                switch (lag) {
                    case OF_ALL -> lags.stream().max(Comparator.naturalOrder()).orElse(null);
                    case OWN -> lags.size() < statuses.size()
                            ? null
                            : lags.stream().mapToLong(Long::longValue).sum();
                },
                stopped.size() < statuses.size() ? null : stopped.stream().mapToInt(Integer::intValue).sum());
    }

    /** An instance that works takes over from those that do not, so the component works in part. */
    private static Level level(List<ComponentStatus> statuses) {
        Set<Level> levels = EnumSet.noneOf(Level.class);
        statuses.forEach(it -> levels.add(it.status()));
        if (levels.size() == 1) {
            return levels.iterator().next();
        }
        return levels.contains(Level.UP) || levels.contains(Level.DEGRADED) ? Level.DEGRADED : Level.UNKNOWN;
    }

    private ComponentStatus read(URI instance, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            return unknown(instance,
                    "answered " + response.statusCode() + " to " + response.uri() + ". Check that " + setting
                            + " leads to the service and that the service has the version of the ingress");
        }
        try {
            return read(Json.read(response.body(), JsonNode.class));
        } catch (ContractViolation e) {
            return unknown(instance, "sent a status that cannot be read (" + e.getMessage() + "). Check " + setting);
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

    private ComponentStatus failed(URI instance, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof ConnectException
                ? ComponentStatus.of(name, Level.DOWN,
                        "No connection to " + instance + ". Start the service, or correct "
                                + setting + ".")
                : unknown(instance, "gave no complete answer within " + TIMEOUT.toMillis() + " ms"
                        + (cause instanceof TimeoutException ? "" : " (" + cause + ")")
                        + ". Look at its /readyz and its log");
    }

    private ComponentStatus unknown(URI instance, String what) {
        return ComponentStatus.of(name, Level.UNKNOWN, "The service at " + instance + " " + what + ".");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
