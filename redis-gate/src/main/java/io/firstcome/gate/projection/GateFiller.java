package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateEntry;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Writes coupons that Redis lost: first the committed state of the coupon, then its holders as the authority lists
 * them,
 * page by page. The coupon is cold until the gate knows as many sequences as the state counts.
 *
 * <p>The projector's thread calls {@link #step} between two polls. A step never waits for the authority and writes at
 * most one page, so outcomes that arrive during a fill are written as usual. A fill writes only issues up to the count
 * that was committed when it began: outcomes with later sequences are followed by the projector. A page may be older
 * than a revocation that the projector has written already; such an issue stays revoked.
 *
 * <p>The coupon directory and the projector read the log independently. A state from before the moment at which Redis
 * lost the coupon could be older than what the projector had written, such as the state before a restock, and would
 * reject a holder of a later issue. So a fill begins only when the coupon's partition has been read into the directory
 * since that moment. A partition that is read late delays the fills of its own coupons only.
 */
final class GateFiller {

    private static final Logger LOG = LoggerFactory.getLogger(GateFiller.class);
    /** Most coupons have few holders, so most of their time is one round trip to the authority. */
    private static final int FILLS_AT_ONCE = 4;
    private static final int BEGINS_PER_STEP = 100;
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final GateWriter gate;
    private final OpenCoupons coupons;
    private final HolderSource source;
    private final ToIntFunction<CouponId> partitionOf;
    private final Timer duration;
    private final Counter fills;
    private final Counter holders;
    /** All coupons that are to be filled. What {@link #waiting} holds beside them was dropped or begun anew. */
    private final Map<CouponId, Fill> pending = new HashMap<>();
    /** By partition; the fill that is due first is the head. */
    private final Map<Integer, Queue<Fill>> waiting = new HashMap<>();
    private final Deque<Fill> active = new ArrayDeque<>();
    private final Set<CouponId> failing = new HashSet<>();
    private boolean isWaitingForDirectory;
    private long filledCoupons;
    private long filledHolders;

    /** One coupon on its way into Redis. */
    private static final class Fill {

        private final CouponId couponId;
        private long dueNanos = System.nanoTime();
        /** The state that is written must have been read since this moment. */
        private long lostNanos;
        /** Whether Redis had no facts of the coupon at {@link #lostNanos}. */
        private boolean factsLost;
        private long begunNanos;
        /** The committed count when the fill began; negative before. */
        private long upTo = -1;
        /** The user after whom {@link #page} starts. */
        private Optional<UserId> after = Optional.empty();
        private CompletableFuture<HolderPage> page;
        private CompletableFuture<HolderPage> nextPage;
        private int failures;

        Fill(CouponId couponId, long lostNanos, boolean factsLost) {
            this.couponId = couponId;
            this.lostNanos = lostNanos;
            this.factsLost = factsLost;
        }
    }

    /** @param partitionOf on which partition of every topic the records of a coupon are */
    GateFiller(GateWriter gate, OpenCoupons coupons, HolderSource source, ToIntFunction<CouponId> partitionOf,
            MeterRegistry meters) {
        this.gate = gate;
        this.coupons = coupons;
        this.source = source;
        this.partitionOf = partitionOf;
        this.fills = Meters.GATE_FILLS.register(meters);
        this.holders = Meters.GATE_FILL_HOLDERS.register(meters);
        this.duration = Meters.GATE_FILL_DURATION.register(meters);
    }

    /**
     * Fills these coupons, from their first page on if a fill of one of them is under way.
     *
     * @param lostNanos a moment at which Redis lacked something of them
     * @param factsLost whether Redis lacked the facts of all of them
     */
    void fill(Collection<CouponId> couponIds, long lostNanos, boolean factsLost) {
        couponIds.forEach(couponId -> {
            drop(couponId);
            var fill = new Fill(couponId, lostNanos, factsLost);
            pending.put(couponId, fill);
            await(fill);
        });
        if (waiting.values().stream().mapToInt(Queue::size).sum() > 2 * pending.size() + BEGINS_PER_STEP) {
            waiting.values().forEach(queue -> queue.removeIf(fill -> pending.get(fill.couponId) != fill));
        }
    }

    private void await(Fill fill) {
        waiting.computeIfAbsent(partitionOf.applyAsInt(fill.couponId),
                _ -> new PriorityQueue<>(Comparator.comparingLong((Fill it) -> it.dueNanos))).add(fill);
    }

    boolean isFilling(CouponId couponId) {
        return pending.containsKey(couponId);
    }

    /** Gives up all other coupons. */
    void retain(Predicate<CouponId> projected) {
        pending.keySet().stream().filter(projected.negate()).toList().forEach(this::drop);
    }

    private void drop(CouponId couponId) {
        Fill dropped = pending.remove(couponId);
        if (dropped != null) {
            active.remove(dropped);
            failing.remove(couponId);
            cancel(dropped.page);
            cancel(dropped.nextPage);
        }
    }

    private static void cancel(CompletableFuture<?> request) {
        if (request != null) {
            request.cancel(true);
        }
    }

    /** How long the projector may wait in a poll without delaying a fill. */
    Duration pollTimeout(Duration idle) {
        if (active.stream().anyMatch(fill -> fill.page.isDone())) {
            return Duration.ZERO;
        }
        return active.isEmpty() && !isWaitingForDirectory ? idle : Duration.ofMillis(2);
    }

    /**
     * Begins what may begin, and writes one page if one has arrived.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when Redis fails; the next step writes the same page again
     */
    void step() {
        isWaitingForDirectory = false;
        if (pending.isEmpty()) {
            return;
        }
        Set<Integer> unread = new HashSet<>();
        boolean more = true;
        for (int begun = 0; more && begun < BEGINS_PER_STEP && active.size() < FILLS_AT_ONCE; begun++) {
            more = begin(unread);
        }
        active.stream().filter(fill -> fill.page.isDone()).findFirst().ifPresent(this::write);
        if (pending.isEmpty() && filledCoupons > 0) {
            LOG.info("filled {} coupons with {} holders from the authority", filledCoupons, filledHolders);
            filledCoupons = 0;
            filledHolders = 0;
        }
    }

    /**
     * Begins the fill that is due first.
     *
     * @param unread partitions that are left out in this step because the directory has not read them far enough
     * @return whether another coupon may be due
     */
    private boolean begin(Set<Integer> unread) {
        Optional<Map.Entry<Integer, Queue<Fill>>> first = waiting.entrySet().stream()
                .filter(queue -> !queue.getValue().isEmpty() && !unread.contains(queue.getKey()))
                .min(Comparator.comparingLong(queue -> queue.getValue().peek().dueNanos));
        if (first.isEmpty() || System.nanoTime() - first.get().getValue().peek().dueNanos < 0) {
            return false;
        }
        int partition = first.get().getKey();
        Queue<Fill> queue = first.get().getValue();
        Fill fill = queue.peek();
        if (pending.get(fill.couponId) != fill) {
            queue.remove();
            return true;
        }
        if (fill.upTo < 0 && !isStateNewEnough(fill, partition)) {
            unread.add(partition);
            isWaitingForDirectory |= coupons.isCurrent(partition);
            return true;
        }
        Optional<CouponState> state = coupons.find(fill.couponId);
        if (state.isPresent()) {
            begin(fill, state.get());
        } else {
            drop(fill.couponId);
        }
        queue.remove();
        return true;
    }

    private boolean isStateNewEnough(Fill fill, int partition) {
        if (!coupons.isReadSince(partition, fill.lostNanos)) {
            return false;
        }
        if (!fill.factsLost && gate.summaries(List.of(fill.couponId)).getFirst().isEmpty()) {
            // The facts were lost after the coupon was found cold, and may have been newer than the directory then.
            fill.factsLost = true;
            fill.lostNanos = System.nanoTime();
        }
        return coupons.isReadSince(partition, fill.lostNanos);
    }

    private void begin(Fill fill, CouponState state) {
        if (fill.upTo < 0) {
            gate.write(new ProjectionBatch(Map.of(), Map.of(fill.couponId, state)));
            fill.upTo = state.issued();
            fill.begunNanos = System.nanoTime();
        }
        if (fill.upTo == 0) {
            complete(fill);
        } else {
            fill.page = request(fill.couponId, fill.after);
            active.add(fill);
        }
    }

    private CompletableFuture<HolderPage> request(CouponId couponId, Optional<UserId> after) {
        return source.page(couponId, after).toCompletableFuture();
    }

    private void write(Fill fill) {
        HolderPage page;
        try {
            page = fill.page.join();
        } catch (CompletionException e) {
            retry(fill, e.getCause());
            return;
        }
        if (page.next().isPresent() && page.next().equals(fill.after)) {
            retry(fill, new IllegalStateException("the page after user " + fill.after.get() + " ends with that user"));
            return;
        }
        // The next page is under way while this one is written.
        if (page.next().isPresent() && fill.nextPage == null) {
            fill.nextPage = request(fill.couponId, page.next());
        }
        List<Decision> decisions = page.holders().stream().filter(it -> it.sequence() <= fill.upTo)
                .map(GateFiller::decision).toList();
        if (!decisions.isEmpty()) {
            gate.write(new ProjectionBatch(Map.of(fill.couponId, decisions), Map.of()));
        }
        holders.increment(decisions.size());
        filledHolders += decisions.size();
        active.remove(fill);
        recovered(fill);
        if (page.next().isEmpty()) {
            complete(fill);
        } else {
            fill.after = page.next();
            fill.page = fill.nextPage;
            fill.nextPage = null;
            // Last in the line: the coupons under way take turns.
            active.add(fill);
        }
    }

    private static Decision decision(Holder holder) {
        var entry = new GateEntry(holder.sequence(), holder.issuedAt(), holder.requestId());
        return holder.isRevoked()
                ? Decision.revoked(holder.userId(), entry.requestId(), entry.sequence(), 0)
                : Decision.issued(holder.userId(), entry);
    }

    private void complete(Fill fill) {
        pending.remove(fill.couponId);
        fills.increment();
        filledCoupons++;
        duration.record(Duration.ofNanos(System.nanoTime() - fill.begunNanos));
    }

    private void retry(Fill fill, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        active.remove(fill);
        fill.failures++;
        fill.dueNanos = System.nanoTime() + BACKOFF.after(fill.failures).toNanos();
        await(fill);
        if (failing.isEmpty()) {
            LOG.warn("the holders of coupon {} cannot be read from the authority, retrying: {}", fill.couponId,
                    cause.toString());
        }
        failing.add(fill.couponId);
    }

    private void recovered(Fill fill) {
        fill.failures = 0;
        if (failing.remove(fill.couponId) && failing.isEmpty()) {
            LOG.info("the authority lists holders again");
        }
    }
}
