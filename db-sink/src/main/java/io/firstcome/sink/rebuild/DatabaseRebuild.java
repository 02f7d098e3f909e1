package io.firstcome.sink.rebuild;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Gatherers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.database.DatabaseUnavailable;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.mysql.OffsetStep;
import io.firstcome.sink.mysql.WriteResult;
import io.firstcome.sink.mysql.WriteResult.Diverged;
import io.firstcome.sink.mysql.WriteResult.Fenced;
import io.firstcome.sink.mysql.WriteResult.Refused;
import io.firstcome.sink.mysql.WriteResult.Unavailable;
import io.firstcome.sink.mysql.WriteResult.Written;

/**
 * Fills the tables from {@code coupon-states} and the authority's holders, for outcomes that have expired before they
 * were stored. Sinks may run meanwhile: those partitions are stopped, and start by themselves afterwards.
 *
 * <p>The order of the steps is what makes the tables complete. The ends of {@code coupon-outcomes} are read first, and
 * the positions move there last. State and outcome are one transaction of the authority, so every issue before such an
 * end is among the holders that are read in between. An issue behind it comes again from the log, identical.
 */
public final class DatabaseRebuild {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseRebuild.class);
    private static final String TOPIC = Topics.OUTCOMES.name();
    private static final int COUPONS_AT_ONCE = 500;
    private static final int ATTEMPTS = 15;
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final OutcomesLog log;
    private final Database database;
    private final MySqlWriter writer;
    private final HolderPages holders;
    private final RebuildProgress progress;
    private final boolean acceptsIncomplete;

    /**
     * @param database the database to fill; its tables are created or migrated
     * @param acceptsIncomplete whether positions move although the authority lists fewer issues of a coupon than its
     *     state counts, because an operator knows that they are lost
     */
    public DatabaseRebuild(KafkaClients clients, Database database, HolderPages holders, RebuildProgress progress,
            boolean acceptsIncomplete) {
        this(clients, database, new MySqlWriter(database.connections()), holders, progress, acceptsIncomplete);
    }

    DatabaseRebuild(KafkaClients clients, Database database, MySqlWriter writer, HolderPages holders,
            RebuildProgress progress, boolean acceptsIncomplete) {
        this.log = new OutcomesLog(clients);
        this.database = database;
        this.writer = writer;
        this.holders = holders;
        this.progress = progress;
        this.acceptsIncomplete = acceptsIncomplete;
    }

    /**
     * Fills the tables. After a failure it may be called again: rows that are there are left alone.
     *
     * @throws StartFailure in one line that says what to do, when Kafka, MySQL or the authority cannot be used
     */
    public RebuildReport run() throws InterruptedException {
        Map<Integer, OutcomesLog.Range> ranges = log.ranges();
        Map<Integer, Long> positions = positions(ranges);
        List<CouponState> states = log.states();
        progress.started(states.size(), states.stream().mapToLong(CouponState::issued).sum());
        for (List<CouponState> part : states.stream().gather(Gatherers.windowFixed(COUPONS_AT_ONCE)).toList()) {
            store(new IssuanceBatch(List.of(), List.of(), part, Collections.emptySortedMap(),
                    Collections.emptySortedMap(), 0));
        }
        long listed = 0;
        long newRows = 0;
        List<CouponId> incomplete = new ArrayList<>();
        List<CouponId> archived = new ArrayList<>();
        for (CouponState state : states) {
            if (state.status() == CouponStatus.ARCHIVED) {
                archived.add(state.couponId());
                continue;
            }
            // A count of 0 may be behind the first issues: the authority publishes counts with a delay.
            Filled filled = fill(state.couponId());
            listed += filled.listed();
            newRows += filled.newRows();
            if (filled.listed() < state.issued()) {
                incomplete.add(state.couponId());
            }
        }
        // A position behind rows that are missing would hide the loss from the next run.
        Map<Integer, Long> moved = incomplete.isEmpty() || acceptsIncomplete ? move(positions, ranges) : Map.of();
        return new RebuildReport(states.size(), listed, newRows, moved, incomplete, archived);
    }

    private Map<Integer, Long> positions(Map<Integer, OutcomesLog.Range> ranges) {
        try {
            database.prepare();
            String current = log.topicId();
            String stored = writer.topicId(TOPIC, current);
            if (!stored.equals(current)) {
                throw new StartFailure("these tables were written from the topic " + TOPIC + " with the id " + stored
                        + ", and this cluster has the id " + current + ". Use the database of this log, or an empty"
                        + " one");
            }
            Map<Integer, Long> positions = new TreeMap<>();
            for (int partition : ranges.keySet()) {
                positions.put(partition, position(partition));
            }
            return positions;
        } catch (DatabaseUnavailable e) {
            throw unavailable(e.getMessage());
        }
    }

    /** The holders of one coupon that the authority has listed, and how many of them were missing. */
    private record Filled(long listed, long newRows) {}

    private Filled fill(CouponId couponId) throws InterruptedException {
        long listed = 0;
        long newRows = 0;
        Optional<UserId> after = Optional.empty();
        do {
            HolderPages.Page page = page(couponId, after);
            if (page.next().isPresent() && page.next().equals(after)) {
                throw new StartFailure("the page of coupon " + couponId + " after user " + after.get()
                        + " ends with that user; the authority and this command are of different versions");
            }
            newRows += store(IssuanceBatch.of(page.outcomes()));
            listed += page.issues().size();
            progress.stored(page.issues().size());
            after = page.next();
        } while (after.isPresent());
        return new Filled(listed, newRows);
    }

    private HolderPages.Page page(CouponId couponId, Optional<UserId> after) throws InterruptedException {
        for (int attempt = 1;; attempt++) {
            try {
                return holders.page(couponId, after);
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS) {
                    throw new StartFailure("the authority does not list the holders of coupon " + couponId + ": "
                            + e.getMessage() + ". Start it, then run rebuild-database again", e);
                }
                LOG.debug("holders of {} are asked for again", couponId, e);
                Thread.sleep(BACKOFF.after(attempt));
            }
        }
    }

    private int store(IssuanceBatch batch) throws InterruptedException {
        return switch (withRetries(() -> writer.store(batch))) {
            case Written(int rows, _, _) -> rows;
            case Unavailable(String why) -> throw unavailable(why);
            case Refused(String why) -> throw new StartFailure("MySQL refuses what the authority has decided: " + why
                    + ". Correct the tables, then run rebuild-database again");
            case Diverged(String what) -> throw new StartFailure("MySQL contradicts the authority: " + what
                    + ". See \"Divergence\" in docs/operations.md, then run rebuild-database again");
            case Fenced fenced -> throw new IllegalStateException("no position moves: " + fenced);
        };
    }

    /** Moves the positions of the partitions whose next record has expired; the others are read on where they are. */
    private Map<Integer, Long> move(Map<Integer, Long> positions, Map<Integer, OutcomesLog.Range> ranges)
            throws InterruptedException {
        Map<Integer, Long> moved = new TreeMap<>();
        for (Map.Entry<Integer, Long> position : positions.entrySet()) {
            OutcomesLog.Range range = ranges.get(position.getKey());
            if (position.getValue() >= range.beginning()) {
                continue;
            }
            var step = new OffsetStep(TOPIC, position.getKey(), position.getValue(), range.end());
            switch (withRetries(() -> writer.write(step, IssuanceBatch.of(List.of())))) {
                case Written _ -> moved.put(position.getKey(), range.end());
                // An earlier attempt was committed, and its answer was lost. The sink may have read on since.
                case Fenced _ when position(position.getKey()) >= range.end() -> moved.put(position.getKey(),
                        range.end());
                case Fenced _ -> throw new StartFailure("the position of partition " + position.getKey()
                        + " was changed meanwhile by another program; run rebuild-database again");
                case Unavailable(String why) -> throw unavailable(why);
                case Refused(String why) -> throw unavailable(why);
                case Diverged(String what) -> throw new IllegalStateException(what);
            }
        }
        return moved;
    }

    private long position(int partition) {
        try {
            return writer.position(TOPIC, partition);
        } catch (DatabaseUnavailable e) {
            throw unavailable(e.getMessage());
        }
    }

    private static WriteResult withRetries(Supplier<WriteResult> write) throws InterruptedException {
        WriteResult result = write.get();
        for (int attempt = 1; attempt < ATTEMPTS && result instanceof Unavailable; attempt++) {
            Thread.sleep(BACKOFF.after(attempt));
            result = write.get();
        }
        return result;
    }

    private static StartFailure unavailable(String why) {
        return new StartFailure("MySQL cannot be used: " + why + ". Then run rebuild-database again");
    }
}
