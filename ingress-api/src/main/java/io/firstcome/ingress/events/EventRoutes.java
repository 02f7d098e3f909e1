package io.firstcome.ingress.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.tail.CatchUpStatus;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;

/**
 * {@code GET /v1/coupons/{couponId}/events}: server-sent events. Each follower holds one virtual thread, which writes and
 * waits: Javalin's own way to send events knows no bound, no pace and no end.
 */
public final class EventRoutes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    /** How far this ingress may be behind the one that told an id. */
    private static final Duration BEHIND = Duration.ofMinutes(1);
    /** An offset; -1 is behind the first of a partition on which nothing had been decided. */
    private static final Pattern ID = Pattern.compile("-1|\\d{1,18}");
    /** How soon followers come back, in milliseconds: not all at once when an ingress lets go of them all at once. */
    private static final int SOONEST_RETURN = 1000;
    private static final int LATEST_RETURN = 3000;

    private final CouponRegistry registry;
    private final CatchUpStatus couponStatus;
    private final EventBuffers feeds;
    private final ClientAddress address;
    private final Subscribers subscribers;
    private final Counter cut;

    /** @param couponStatus whether coupons and outcomes have been read up to now */
    public EventRoutes(CouponRegistry registry, CatchUpStatus couponStatus, EventBuffers feeds, EventSettings settings,
            ClientAddress address, MeterRegistry meters) {
        this.registry = registry;
        this.couponStatus = couponStatus;
        this.feeds = feeds;
        this.address = address;
        this.subscribers = new Subscribers(settings);
        this.cut = meters.counter("firstcome.events.subscribers.dropped");
        Gauge.builder("firstcome.events.subscribers", subscribers, Subscribers::count).register(meters);
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/events", this::follow);
    }

    private void follow(Context context) throws IOException {
        CouponId couponId = Requests.couponId(context);
        Identity caller = Identity.of(context);
        EventFilter audience = EventFilter.of(context, caller);
        OptionalLong lastEventId = lastEventId(context);
        boolean complete = couponStatus.isCurrent();
        if (!complete || registry.find(couponId).isEmpty()) {
            throw new ProblemException(Problems.missingCoupon(couponId, complete));
        }
        if (Requests.wantsHeadersOnly(context)) {
            begin(context.res());
        } else {
            stream(context, couponId, caller, audience, lastEventId);
        }
    }

    private void stream(Context context, CouponId couponId, Identity caller, EventFilter audience,
            OptionalLong lastEventId) {
        if (!subscribers.enter(caller.user().<Object>map(user -> user).orElseGet(() -> address.network(context)))) {
            throw new ProblemException(
                    Problems.overloaded("As many follow events here, or follow for you, as may. Ask again."));
        }
        try {
            send(context.res(), couponId, caller, audience, lastEventId);
        } catch (IOException e) {
            LOG.debug("request {}: the follower is gone, or takes nothing", Requests.id(context), e);
            Requests.breakOff(context);
        } catch (InterruptedException e) {
            LOG.debug("request {}: the service is stopping", Requests.id(context));
        } finally {
            subscribers.leave();
        }
    }

    private static OptionalLong lastEventId(Context context) {
        String id = context.header(LAST_EVENT_ID);
        if (id == null) {
            return OptionalLong.empty();
        }
        if (!ID.matcher(id).matches()) {
            throw new ContractViolation(LAST_EVENT_ID, "must be the id of an event that was sent from here");
        }
        return OptionalLong.of(Long.parseLong(id));
    }

    private static void begin(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        // Nginx would gather them up.
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
    }

    private void send(HttpServletResponse response, CouponId couponId, Identity caller, EventFilter audience,
            OptionalLong lastEventId) throws IOException, InterruptedException {
        Supplier<CouponResponse> state = () -> CouponResponse.of(registry.find(couponId).orElseThrow());
        var subscription = new Subscription(feeds.get(couponId), state, audience, response.getOutputStream(),
                lastEventId, () -> Duration.between(Instant.now(), caller.until()));
        // Whoever sees the answer begin misses nothing from then on.
        begin(response);
        response.getOutputStream().write(retry().getBytes(StandardCharsets.US_ASCII));
        if (subscription.send(BEHIND)) {
            cut.increment();
        }
    }

    private static String retry() {
        return "retry: %d\n\n".formatted(ThreadLocalRandom.current().nextInt(SOONEST_RETURN, LATEST_RETURN + 1));
    }

    /** Ends all streams at once. Their followers resume elsewhere. */
    @Override
    public void close() {
        subscribers.close();
    }
}
