package io.firstcome.processor.query;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.processor.topology.CouponTopology;

/**
 * The tasks of this instance whose stores are complete.
 *
 * <p>Kafka Streams does not tell them from the others: it lets a query read every open store of a RUNNING thread. After
 * an aborted transaction it wipes the stores of a task and restores them while the thread runs on, and a query would
 * find that a user holds nothing. A task is initialized after its stores are restored, and closed before they are
 * wiped.
 */
public final class ServedTasks implements CouponTopology.Observer {

    private final CouponTopology.Observer next;
    /** By partition. Each start of a task has an object of its own. */
    private final Map<Integer, Object> starts = new ConcurrentHashMap<>();

    /** @param next is told of everything too */
    public ServedTasks(CouponTopology.Observer next) {
        this.next = next;
    }

    @Override
    public void opened(int partition, Object start) {
        starts.put(partition, start);
        next.opened(partition, start);
    }

    @Override
    public void closed(int partition, Object start) {
        // Another thread of this instance may have taken the partition over.
        starts.remove(partition, start);
        next.closed(partition, start);
    }

    @Override
    public void decided(CouponOutcome outcome, long appendTime) {
        next.decided(outcome, appendTime);
    }

    @Override
    public void deadLettered() {
        next.deadLettered();
    }

    /** The start of the partition's task; empty while its stores may be incomplete or elsewhere. */
    Optional<Object> start(int partition) {
        return Optional.ofNullable(starts.get(partition));
    }
}
