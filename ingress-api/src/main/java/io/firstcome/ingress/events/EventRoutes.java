package io.firstcome.ingress.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.server.deferred.DisconnectMonitor;
import io.firstcome.kit.server.deferred.DisconnectMonitor.Watch;
import io.firstcome.readmodel.CouponLookup;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.events.EventBuffer.Feed;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.events.EventSettings;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;

/**
 * {@code GET /v1/coupons/{couponId}/events}: server-sent events. Each subscriber has one virtual thread that writes and
 * waits, because Javalin's own event streams have no limits, no pace and no end.
 */
public final class EventRoutes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    /** How far this ingress may be behind the ingress that sent the id. */
    private static final Duration CATCH_UP_TIMEOUT = Duration.ofMinutes(1);
    /** An offset; -1 is the position before the first record of a partition. */
    private static final Pattern EVENT_ID = Pattern.compile("-1|\\d{1,18}");
    /** Random reconnection delays spread the subscribers of an ingress that stops. */
    private static final int MIN_RETRY_MS = 1000;
    private static final int MAX_RETRY_MS = 3000;

    private final CouponRegistry registry;
    private final CouponLookup coupons;
    private final EventBuffers buffers;
    private final ClientAddress address;
    private final Subscribers subscribers;
    private final Counter dropped;

    /**
     * @param coupons finds the coupon of a stream
     * @param callersAreUsers whether each caller is a user with a token
     */
    public EventRoutes(CouponRegistry registry, CouponLookup coupons, EventBuffers buffers,
            EventSettings settings, boolean callersAreUsers, ClientAddress address, MeterRegistry meters) {
        this.registry = registry;
        this.coupons = coupons;
        this.buffers = buffers;
        this.address = address;
        this.subscribers = new Subscribers(settings.subscribers(), settings.perCaller(callersAreUsers));
        this.dropped = Meters.EVENT_SUBSCRIBERS_DROPPED.register(meters);
        Meters.EVENT_SUBSCRIBERS.register(meters, subscribers::count);
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/events", this::subscribe);
    }

    private void subscribe(Context context) throws IOException, InterruptedException {
        CouponId couponId = Requests.couponId(context);
        Identity caller = Identity.of(context);
        EventFilter filter = EventFilter.of(context, caller);
        OptionalLong lastEventId = lastEventId(context);
        Problems.requireCoupon(coupons, couponId);
        if (Requests.wantsHeadersOnly(context)) {
            beginStream(context.res());
        } else {
            stream(context, couponId, caller, filter, lastEventId);
        }
    }

    private void stream(Context context, CouponId couponId, Identity caller, EventFilter filter,
            OptionalLong lastEventId) {
        if (!subscribers
                .tryAdd(caller.user().<Object>map(Function.identity()).orElseGet(() -> address.network(context)))) {
            throw new ProblemException(Problem.of(ProblemType.OVERLOADED,
                    "Too many event streams are open on this instance or for this caller. Try again."));
        }
        // Without an event a write would notice the disconnection only with the second heartbeat. Until then the stream
        // would keep its place, which the page of the same user needs when it is loaded again.
        Thread sender = Thread.currentThread();
        Watch watch = DisconnectMonitor.watch(context, () -> subscribers.end(sender));
        try {
            send(context.res(), couponId, caller, filter, lastEventId);
        } catch (IOException e) {
            LOG.debug("the subscriber disconnected or does not read", e);
            Requests.abort(context);
        } catch (InterruptedException e) {
            LOG.debug("the subscriber disconnected, or the service is stopping");
        } finally {
            watch.end();
            subscribers.remove();
        }
    }

    private static OptionalLong lastEventId(Context context) {
        String id = context.header(LAST_EVENT_ID);
        if (id == null) {
            return OptionalLong.empty();
        }
        if (!EVENT_ID.matcher(id).matches()) {
            throw new ContractViolation(LAST_EVENT_ID, "must be the id of an event of this stream");
        }
        return OptionalLong.of(Long.parseLong(id));
    }

    private static void beginStream(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        // Keeps nginx from buffering the stream.
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
    }

    private void send(HttpServletResponse response, CouponId couponId, Identity caller, EventFilter filter,
            OptionalLong lastEventId) throws IOException, InterruptedException {
        Supplier<CouponResponse> state = () -> CouponResponse.of(registry.find(couponId).orElseThrow());
        try (Feed feed = buffers.get(couponId).feed(filter.user())) {
            // The feed exists before the response begins, so a subscriber that sees it begin misses no event.
            var subscription = new Subscription(feed, state, response.getOutputStream(), lastEventId,
                    () -> Duration.between(Instant.now(), caller.until()));
            beginStream(response);
            int retry = ThreadLocalRandom.current().nextInt(MIN_RETRY_MS, MAX_RETRY_MS + 1);
            response.getOutputStream().write("retry: %d\n\n".formatted(retry).getBytes(StandardCharsets.US_ASCII));
            if (subscription.send(CATCH_UP_TIMEOUT)) {
                dropped.increment();
            }
        }
    }

    /** Ends all streams. The subscribers resume at another ingress. */
    @Override
    public void close() {
        subscribers.close();
    }
}
