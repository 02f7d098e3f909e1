package io.firstcome.ingress.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Json;
import io.firstcome.ingress.status.SystemStatus;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.events.CouponEvent;
import io.firstcome.readmodel.events.EventBuffer;
import io.firstcome.readmodel.events.EventBuffer.Page;
import io.firstcome.readmodel.events.EventBuffers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Sends one console what it shows, twice per second: the coupons, the counts and latest outcomes of the selected
 * coupon, the status of the system, and the rush. Each part is sent when it has changed.
 */
final class ConsoleStream {

    private static final Duration INTERVAL = Duration.ofMillis(500);
    /** Statuses are read at most once per second, and are sent every fourth time. */
    private static final int TICKS_PER_STATUS = 4;
    private static final int LISTED_COUPONS = 500;
    private static final int LISTED_OUTCOMES = 30;

    private final Sources sources;
    private final Optional<CouponId> selected;
    private final OutputStream out;
    /** The bytes of each part as they were sent last, by event name. */
    private final Map<String, byte[]> lastSent = new TreeMap<>();
    private CompletableFuture<SystemStatus> status = CompletableFuture.completedFuture(null);
    private boolean positioned;
    private long position;

    /**
     * What consoles show.
     *
     * @param rush the latest rush of this ingress
     * @param settings what the page must know once, as JSON
     */
    record Sources(CouponRegistry registry, BooleanSupplier couponsAreCurrent, EventBuffers events,
            Supplier<SystemStatus> status,
            Supplier<Optional<RushReport>> rush, Object settings, MeterRegistry meters) {}

    /**
     * All coupons, up to a limit.
     *
     * @param current whether the coupons have been read up to now
     * @param more how many coupons are not listed
     */
    private record Coupons(boolean current, List<CouponResponse> coupons, long more) {}

    /**
     * The last half second.
     *
     * @param answers the answers to claims by this ingress, of all coupons, since its start
     * @param coupon the selected coupon and its outcomes; null while it is not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Tick(Instant time, boolean current, Map<String, Long> answers, Selected coupon) {}

    /**
     * What was read about the selected coupon since the last tick.
     *
     * @param complete false when more outcomes were read than are retained: the counts are then too small
     * @param outcomes the latest ones, oldest first
     */
    private record Selected(CouponResponse state, boolean complete, long issued, long rejected, long revoked,
            List<Outcome> outcomes) {}

    private record Outcome(String type, long id, Object data) {

        static Outcome of(CouponEvent event) {
            return new Outcome(event.name(), event.id(), event.data());
        }
    }

    ConsoleStream(Sources sources, Optional<CouponId> selected, OutputStream out) {
        this.sources = sources;
        this.selected = selected;
        this.out = out;
    }

    /**
     * Sends until the console disconnects.
     *
     * @throws IOException when the console has disconnected
     */
    void send() throws IOException, InterruptedException {
        write("settings", Json.write(sources.settings()));
        for (int tick = 0;; tick++) {
            if (tick % TICKS_PER_STATUS == 0 && status.isDone()) {
                // On a thread of its own: a service that does not answer must not delay the counts. After a failure the
                // console gets no newer status, and shows the one before as unknown.
                status = CompletableFuture.supplyAsync(sources.status(), Thread::startVirtualThread)
                        .exceptionally(_ -> null);
            }
            boolean current = sources.couponsAreCurrent().getAsBoolean();
            writeIfChanged("coupons", coupons(current));
            writeIfChanged("status", status.getNow(null));
            writeIfChanged("rush", sources.rush().get().orElse(null));
            write("tick", Json.write(new Tick(Instant.now().truncatedTo(ChronoUnit.MILLIS), current, answers(),
                    current ? selected.flatMap(this::selected).orElse(null) : null)));
            out.flush();
            Thread.sleep(INTERVAL);
        }
    }

    private Coupons coupons(boolean current) {
        List<CouponResponse> listed = sources.registry().all().limit(LISTED_COUPONS).map(CouponResponse::of).toList();
        long all = listed.size() < LISTED_COUPONS ? listed.size() : sources.registry().all().count();
        return new Coupons(current, listed, all - listed.size());
    }

    private Map<String, Long> answers() {
        Map<String, Long> answers = new TreeMap<>();
        for (Counter counter : sources.meters().find("firstcome.claims").counters()) {
            answers.merge(counter.getId().getTag("answer"), (long) counter.count(), Long::sum);
        }
        return answers;
    }

    private Optional<Selected> selected(CouponId couponId) {
        Optional<CouponState> state = sources.registry().find(couponId);
        return state.map(it -> {
            EventBuffer buffer = sources.events().get(couponId);
            Page page = buffer.after(positioned ? position : Long.MIN_VALUE);
            boolean complete = !positioned || position >= page.since();
            List<CouponEvent> events = page.events();
            List<Outcome> latest = events.subList(Math.max(0, events.size() - LISTED_OUTCOMES), events.size()).stream()
                    .map(Outcome::of).toList();
            // What was decided before the console connected belongs to no second of the chart.
            List<CouponEvent> counted = positioned ? events : List.of();
            position = page.until();
            positioned = true;
            return new Selected(CouponResponse.of(it), complete, count(counted, "issued"), count(counted, "rejected"),
                    count(counted, "revoked"), latest);
        });
    }

    private static long count(List<CouponEvent> events, String name) {
        return events.stream().filter(it -> it.name().equals(name)).count();
    }

    private void writeIfChanged(String name, Object part) throws IOException {
        if (part == null) {
            return;
        }
        byte[] json = Json.write(part);
        byte[] before = lastSent.put(name, json);
        if (before == null || !Arrays.equals(before, json)) {
            write(name, json);
        }
    }

    /** WHATWG HTML, "Server-sent events". JSON has no line breaks. */
    private void write(String name, byte[] json) throws IOException {
        var event = new ByteArrayOutputStream(json.length + 32);
        event.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        event.write(json);
        event.write("\n\n".getBytes(StandardCharsets.US_ASCII));
        event.writeTo(out);
    }
}
