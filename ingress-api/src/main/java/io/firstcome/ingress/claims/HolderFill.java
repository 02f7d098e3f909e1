package io.firstcome.ingress.claims;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletionException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.coupons.CouponHolders.Listed;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Reads the holders of sold-out coupons from the authority, where this ingress has not read all outcomes: it started
 * after the issues. Only coupons that callers claim are read, one after the other.
 */
public final class HolderFill implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HolderFill.class);
    /**
     * How long to wait before a fill. The state of a coupon may be read a moment before its last outcomes, which
     * complete the holders without a fill.
     */
    private static final Duration DELAY = Duration.ofMillis(500);
    private static final int MAX_REQUESTED = 10_000;

    private final CouponRegistry registry;
    private final CouponHolders holders;
    private final HolderSource authority;
    private final InstantSource clock;
    private final SequencedSet<CouponId> requested = new LinkedHashSet<>();
    private final ServiceLoop loop;

    /** Starts to wait for requests. */
    public HolderFill(CouponRegistry registry, CouponHolders holders, HolderSource authority, InstantSource clock,
            MeterRegistry meters) {
        this.registry = registry;
        this.holders = holders;
        this.authority = authority;
        this.clock = clock;
        this.loop = ServiceLoop.named("holder-fill", this::fillNext, meters)
                .retry(Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(5))).build();
        loop.start();
    }

    /** Requests the holders of a coupon. Never blocks for long. */
    void request(CouponId couponId) {
        synchronized (requested) {
            if (requested.size() < MAX_REQUESTED && requested.add(couponId)) {
                requested.notifyAll();
            }
        }
    }

    /** A coupon stays requested until it is filled, so that each claim on it does not start another fill. */
    private void fillNext() throws InterruptedException {
        CouponId couponId;
        synchronized (requested) {
            while (requested.isEmpty()) {
                requested.wait();
            }
            couponId = requested.getFirst();
        }
        Thread.sleep(DELAY);
        boolean filled = false;
        try {
            Optional<CouponState> state = registry.find(couponId)
                    .filter(it -> it.isSoldOut() && !holders.isComplete(it));
            filled = state.isEmpty() || !makeRoom(state.get()) || fill(state.get());
        } finally {
            // A coupon whose fill failed goes to the end: the authority may be able to list the others.
            synchronized (requested) {
                requested.remove(couponId);
                if (!filled) {
                    requested.addLast(couponId);
                }
            }
        }
    }

    /** Forgets the holders of ended coupons when there is no room; returns whether there is room for the coupon. */
    private boolean makeRoom(CouponState state) {
        if (!holders.hasRoomFor(state)) {
            registry.all().filter(this::hasEnded).forEach(ended -> holders.forget(ended.couponId()));
        }
        return holders.hasRoomFor(state);
    }

    /** @return false when the list lacked a holder, so that the fill must be repeated */
    private boolean fill(CouponState state) {
        CouponHolders.Fill fill = holders.fill(state);
        Optional<UserId> after = Optional.empty();
        do {
            HolderPage page = page(state.couponId(), after);
            if (!fill.add(page.holders().stream().map(it -> new Listed(it.userId(), it.sequence())).toList())) {
                LOG.debug("no room for the holders of coupon {}", state.couponId());
                return true;
            }
            after = page.next();
        } while (after.isPresent());
        return fill.end();
    }

    private HolderPage page(CouponId couponId, Optional<UserId> after) {
        try {
            return authority.page(couponId, after).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("the authority does not list the holders of coupon " + couponId, e);
        }
    }

    private boolean hasEnded(CouponState state) {
        return state.status().isFinal() || clock.instant().isAfter(state.definition().closesAt());
    }

    /** Why the loop has ended; empty while it runs. */
    public Optional<String> problem() {
        return loop.problem();
    }

    @Override
    public void close() {
        loop.close();
    }
}
