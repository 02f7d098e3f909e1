package io.firstcome.ingress.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;

/** A client of server-sent events. */
public final class EventStream implements AutoCloseable {

    private final HttpResponse<InputStream> response;
    private final List<Received> events = new CopyOnWriteArrayList<>();
    private volatile boolean ended;
    private volatile int retry;
    private volatile AssertionError notAsDescribed;

    private EventStream(HttpResponse<InputStream> response) {
        this.response = response;
    }

    static EventStream of(HttpResponse<InputStream> response) {
        var stream = new EventStream(response);
        Thread.ofVirtual().start(stream::read);
        return stream;
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            var event = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    take(event.toString());
                    event.setLength(0);
                } else {
                    event.append(line).append('\n');
                }
            }
            ended = true;
        } catch (IOException e) {
            // The client or the server closed the connection.
        }
    }

    /** Records an event or the reconnection time; ignores comments. */
    private void take(String event) {
        if (event.startsWith("retry: ")) {
            retry = Integer.parseInt(field(event, "retry"));
        } else if (!event.startsWith(":")) {
            var received = new Received(field(event, "id"), field(event, "event"), field(event, "data"));
            judge(received);
            events.add(received);
        }
    }

    /** Keeps the error for {@link #all}: an error in this thread would not fail the test. */
    private void judge(Received received) {
        try {
            ApiJudge.judgeEvent(received.name(), received.json());
        } catch (AssertionError e) {
            notAsDescribed = e;
        }
    }

    private static String field(String event, String name) {
        return event.lines().filter(line -> line.startsWith(name + ": ")).findFirst().orElseThrow()
                .substring(name.length() + 2);
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /**
     * The events received so far.
     *
     * @throws AssertionError when {@code openapi.yaml} does not allow some of it
     */
    public List<Received> all() {
        if (notAsDescribed != null) {
            throw notAsDescribed;
        }
        return List.copyOf(events);
    }

    /** The reconnection time in milliseconds that the server sent; 0 before that. */
    public int retry() {
        return retry;
    }

    public Received last() {
        return all().getLast();
    }

    /** The received outcomes: issued and rejected. */
    public List<Received> outcomes() {
        return all().stream().filter(it -> Set.of("issued", "rejected", "revoked").contains(it.name())).toList();
    }

    /** Whether the last received state has this number of issued coupons. */
    public boolean hasCounted(int issued) {
        return all().stream().filter(it -> it.name().equals("state")).reduce((first, second) -> second)
                .filter(it -> it.json().path("issued").asInt() == issued).isPresent();
    }

    /** Whether the server ended the stream regularly. */
    public boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A received event. */
    public record Received(String id, String name, String data) {
        public JsonNode json() {
            try {
                return Json.mapper().readTree(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
