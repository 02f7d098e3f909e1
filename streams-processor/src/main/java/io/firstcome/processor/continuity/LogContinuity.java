package io.firstcome.processor.continuity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.service.BuildVersion;
import io.firstcome.processor.continuity.PartitionFacts.PublishedState;

/**
 * Makes sure that a task decides every command once, on the state that all decisions before it have left. One instance
 * belongs to one task and one start of it.
 *
 * <p>State, outcome and position are one transaction, and a published state is part of it or follows it. So the stores
 * are never behind {@code coupon-states}, except after a loss: a deleted changelog, another application id, too few
 * replicas. And the next command is the one at the stored position, except after a loss of offsets or commands.
 */
public final class LogContinuity {

    /** The key of the position: each task has its own store. Other keys mark coupons whose loss was accepted. */
    public static final String KEY = "coupon-commands";

    /**
     * The format of the stores that this version reads and writes. Format 2 has revocations, limits and archived
     * coupons. A version that stores what this one cannot read gives it the next number in {@link #formatOf}.
     */
    static final int STORE_FORMAT = 2;

    /** The key of the format that the stores need, and of the version that first used it: an entry as the position. */
    private static final String FORMAT_KEY = "format";

    private static final Logger LOG = LoggerFactory.getLogger(LogContinuity.class);

    private final KeyValueStore<String, LogPosition> positions;
    private final StoredCoupons stores;
    private final PartitionFacts facts;
    private final AcceptedLoss accepted;
    private final int partition;
    private final List<PublishedState> toAdopt = new ArrayList<>();
    private LogPosition position;
    private Optional<IssueCount> count = Optional.empty();
    private boolean isAccepting;
    private long skipped;
    private long format = 1;

    /** @param positions the store of the task's position */
    public LogContinuity(KeyValueStore<String, LogPosition> positions, StoredCoupons stores, PartitionFacts facts,
            AcceptedLoss accepted, int partition) {
        this.positions = positions;
        this.stores = stores;
        this.facts = facts;
        this.accepted = accepted;
        this.partition = partition;
    }

    /**
     * Compares the stores with Kafka, before the first command is decided.
     *
     * @throws LostState when state or commands are missing that no operator has declared lost
     * @throws NewerData when the stores need a newer version
     */
    public void check() {
        checkFormat();
        String topicId = facts.commandsTopicId();
        position = positions.get(KEY);
        if (position == null && !stores.isEmpty()) {
            refuse("the stores have coupons but no position in coupon-commands", topicId);
        } else if (position != null && !position.topicId().equals(topicId)) {
            refuse("coupon-commands was deleted and created again; its id was " + position.topicId() + " and is "
                    + topicId, topicId);
        }
        long first = facts.firstCommand(partition);
        if (position == null || !position.topicId().equals(topicId)) {
            position = new LogPosition(topicId, 0);
        }
        if (first > position.next()) {
            refuse(missing(position.next(), first), topicId);
            position = new LogPosition(topicId, first);
        }
        long end = facts.endOfCommands(partition);
        if (position.next() > end) {
            refuse(lostEnd(end), topicId);
            position = new LogPosition(topicId, end);
        }
        Map<CouponId, String> losses = new TreeMap<>(Comparator.comparing(CouponId::value));
        facts.publishedStates(partition).forEach(published -> compare(published, losses));
        refuse(losses);
        facts.groupOffset(partition).ifPresent(offset -> {
            long next = Math.min(offset, end);
            if (next > position.next()) {
                checkGap(next);
                position = new LogPosition(topicId, next);
            }
        });
    }

    private void checkFormat() {
        LogPosition entry = positions.get(FORMAT_KEY);
        if (entry != null) {
            format = entry.next();
            if (format > STORE_FORMAT) {
                throw NewerData.format(partition, format, entry.topicId());
            }
        }
    }

    /** Keeps the format that a state needs. Called when a state is stored, in the same transaction. */
    public void stored(CouponState state) {
        int needed = formatOf(state);
        if (needed > format) {
            format = needed;
            positions.put(FORMAT_KEY, new LogPosition(BuildVersion.current().version(), needed));
        }
    }

    /** A user has several issues, or revoked ones, only of such a coupon. */
    private static int formatOf(CouponState state) {
        boolean isOfFirst = state.revoked() == 0 && state.definition().perUser() == 1 && state.definition().reclaim()
                && state.status() != CouponStatus.ARCHIVED;
        return isOfFirst ? 1 : 2;
    }

    private static void refuse(Map<CouponId, String> losses) {
        if (losses.isEmpty()) {
            return;
        }
        String coupons = losses.keySet().stream().map(CouponId::value).collect(Collectors.joining(","));
        String firstLoss = losses.values().iterator().next();
        throw new LostState(firstLoss + ". Coupons affected in this partition: " + losses.size()
                + ". The authority stops, because it would issue coupons twice. Was FIRSTCOME_APPLICATION_ID"
                + " changed, or a changelog deleted? Undo that. If the state is lost for good, read \"The authority"
                + " refuses to run\" in docs/operations.md, and add to FIRSTCOME_ACCEPT_LOST_COUPONS=" + coupons);
    }

    /**
     * Starts to count the stored issues, which takes seconds when there are millions. Called after {@link #check} and
     * before the first command. Then {@link #checkCount} has to be called until the count is complete.
     *
     * @return false when no coupon has issues that can be compared
     */
    public boolean startCount() {
        Map<CouponId, CouponState> states = new HashMap<>();
        stores.forEachState(state -> {
            boolean isAccepted = positions.get(acceptedKey(state.couponId())) != null
                    || toAdopt.stream().anyMatch(it -> it.state().couponId().equals(state.couponId()));
            if (state.status() != CouponStatus.ARCHIVED && !isAccepted) {
                states.put(state.couponId(), state);
            }
        });
        if (states.isEmpty()) {
            return false;
        }
        count = Optional.of(new IssueCount(states, stores.issues()));
        count.get().start();
        return true;
    }

    /**
     * Compares the number of stored issues of each coupon with its counts at the start.
     *
     * @return whether the count is complete
     * @throws LostState when issues are missing that no operator has declared lost
     */
    public boolean checkCount() {
        IssueCount counted = count.orElseThrow();
        if (!counted.isComplete()) {
            return false;
        }
        Map<CouponId, String> losses = new TreeMap<>(Comparator.comparing(CouponId::value));
        counted.states().forEach((couponId, state) -> {
            IssueCount.Count stored = counted.of(couponId);
            if (stored.issued() == state.issued() && stored.revoked() == state.revoked()) {
                return;
            }
            String loss = ("partition %d: coupon %s counts %d issues, %d of them revoked, and the stores have %d"
                    + " issues, %d of them revoked").formatted(partition, couponId, state.issued(), state.revoked(),
                            stored.issued(), stored.revoked());
            if (!accepted.coupons().contains(couponId)) {
                losses.put(couponId, loss);
                return;
            }
            LOG.error("{}. FIRSTCOME_ACCEPT_LOST_COUPONS accepts this: holders that are missing may claim again", loss);
            isAccepting = true;
            CouponState now = stores.state(couponId).orElseThrow();
            CouponState adopted = withCounts(now, Math.max(now.issued(), stored.greatest()), now.revoked());
            // No clock is older, so the coupon keeps its own.
            toAdopt.add(new PublishedState(adopted, Instant.EPOCH));
        });
        refuse(losses);
        return true;
    }

    /** Ends the count. */
    public void close() {
        count.ifPresent(IssueCount::close);
    }

    private void compare(PublishedState published, Map<CouponId, String> losses) {
        CouponState state = published.state();
        CouponId couponId = state.couponId();
        Optional<CouponState> stored = stores.state(couponId);
        boolean isBehind = stored.isEmpty() || stored.get().version() < state.version()
                || stored.get().issued() < state.issued() || stored.get().revoked() < state.revoked();
        boolean isAccepted = positions.get(acceptedKey(couponId)) != null;
        boolean hasNoHolders = state.issued() == 0 || state.status() == CouponStatus.ARCHIVED
                || stored.filter(it -> it.status() == CouponStatus.ARCHIVED).isPresent();
        if (!isBehind && (hasNoHolders || isAccepted || stores.hasHolders(couponId))) {
            return;
        }
        String loss = "partition %d: coupon-states has coupon %s at %s, the stores have %s".formatted(partition,
                couponId, text(state), stored
                        .map(it -> text(it) + (isBehind ? "" : " and none of its holders")).orElse("nothing of it"));
        if (!accepted.coupons().contains(couponId)) {
            losses.put(couponId, loss);
            return;
        }
        LOG.error("{}. FIRSTCOME_ACCEPT_LOST_COUPONS accepts this: holders that are missing may claim again", loss);
        isAccepting = true;
        CouponState newest = stored.filter(it -> it.version() >= state.version()).orElse(state);
        // A published count is up to StatePublisher.INTERVAL and a transaction old, and outcomes expire after a month.
        long issued = LongStream.of(state.issued(), stored.map(CouponState::issued).orElse(0L),
                facts.lastSequence(partition, couponId)).max().orElseThrow();
        long revoked = Math.max(state.revoked(), stored.map(CouponState::revoked).orElse(0L));
        toAdopt.add(new PublishedState(withCounts(newest, issued, revoked), published.publishedAt()));
    }

    /** The count of revocations may be older than that of issues, and no more than the stock were ever held. */
    private static CouponState withCounts(CouponState state, long issued, long revoked) {
        return new CouponState(state.definition(), state.status(), state.version(), issued,
                Math.max(revoked, issued - state.definition().stock()));
    }

    /** Whether an operator has accepted a loss that is not stored yet. */
    public boolean isAccepting() {
        return isAccepting;
    }

    /**
     * Stores what an operator has accepted, so that the next start needs no setting. Called in a transaction: when a
     * task has started, or before the first command if that comes earlier.
     *
     * @return the states that continue with another count
     */
    public List<CouponState> storeAccepted() {
        if (!isAccepting) {
            return List.of();
        }
        for (PublishedState adopted : toAdopt) {
            stores.adopt(adopted);
            stored(adopted.state());
            positions.put(acceptedKey(adopted.state().couponId()), position);
        }
        positions.put(KEY, position);
        List<CouponState> states = toAdopt.stream().map(PublishedState::state).toList();
        toAdopt.clear();
        isAccepting = false;
        return states;
    }

    private static String text(CouponState state) {
        return "version %d with %d issues%s".formatted(state.version(), state.issued(),
                state.revoked() == 0 ? "" : ", " + state.revoked() + " of them revoked");
    }

    /**
     * Whether a command must be decided. Called for each record, in the transaction of its decision.
     *
     * @return false when the command at this offset was decided before
     * @throws LostState when commands before this one are missing
     */
    public boolean isNext(long offset) {
        if (offset < position.next()) {
            skip(offset);
            return false;
        }
        if (offset > position.next()) {
            checkGap(offset);
        }
        if (skipped > 0) {
            LOG.warn("partition {}: {} commands before offset {} were decided before and have been skipped",
                    partition, skipped, offset);
            skipped = 0;
        }
        position = new LogPosition(position.topicId(), offset + 1);
        positions.put(KEY, position);
        return true;
    }

    /** Shows that an operator has accepted that holders of the coupon are missing. */
    private static String acceptedKey(CouponId couponId) {
        return "accepted/" + couponId;
    }

    private void skip(long offset) {
        if (skipped++ == 0) {
            checkTopic();
            long end = facts.endOfCommands(partition);
            if (position.next() > end) {
                throw new LostState(lostEnd(end) + ". Start the authority again.");
            }
            LOG.warn("partition {}: the offsets of the group were lost or reset; the commands from offset {} up to {}"
                    + " were decided before and are skipped", partition, offset, position.next());
        }
    }

    private void checkGap(long offset) {
        checkTopic();
        long first = facts.firstCommand(partition);
        if (first > position.next()) {
            refuse(missing(position.next(), first), position.topicId());
        }
        OptionalLong undecided = facts.commandBetween(partition, Math.max(first, position.next()), offset);
        if (undecided.isPresent()) {
            refuse("partition " + partition + ": the group's offset is " + offset
                    + ", but these stores do not have the decision on the"
                    + " command at offset " + undecided.getAsLong()
                    + ". If the offset of the group was set forward, set it"
                    + " back to that command; if an earlier build has decided it, accept",
                    position.topicId());
        }
    }

    private void checkTopic() {
        String topicId = facts.commandsTopicId();
        if (!topicId.equals(position.topicId())) {
            throw new LostState("coupon-commands was deleted and created again while the authority ran; its id was "
                    + position.topicId() + " and is " + topicId + ". Start the authority again.");
        }
    }

    private String lostEnd(long end) {
        return "partition %d: the brokers have lost the end of coupon-commands; commands up to offset %d were decided,"
                .formatted(partition, position.next() - 1) + " and the partition ends before offset " + end;
    }

    private String missing(long next, long first) {
        return "partition %d: the commands from offset %d to %d were deleted before they were decided".formatted(
                partition, next, first - 1);
    }

    /** Returns when an operator accepts the loss. */
    private void refuse(String loss, String topicId) {
        if (!topicId.equals(accepted.commandsOf())) {
            throw new LostState(
                    loss + ". The authority stops, because acknowledged claims may be lost. If you know that"
                            + " they are lost for good, set FIRSTCOME_ACCEPT_LOST_COMMANDS_OF=" + topicId
                            + " to continue with the next command that Kafka has.");
        }
        LOG.error("{}. FIRSTCOME_ACCEPT_LOST_COMMANDS_OF accepts this", loss);
        isAccepting = true;
    }
}
