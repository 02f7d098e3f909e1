package io.firstcome.contract.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;

/**
 * All topics of the system, declared once.
 *
 * <p>A claim travels through them in this order: the ingress appends an {@code IssueCoupon} to {@link #COMMANDS}; the
 * authority decides it and writes an outcome to {@link #OUTCOMES} and, when needed, the new state to {@link #STATES};
 * the ingress, the gate and the sink read outcomes and states.
 *
 * <p><b>Why offset order is first-come order.</b> The key of every record is the coupon's id, so all commands for one
 * coupon, from users and operators alike, are in the same partition of {@link #COMMANDS}. The partition's leader gives
 * each record the next offset when it appends the record. This append is the only step that determines who was first.
 * Client clocks, the order in which HTTP requests arrive and the speed of an ingress do not matter. A pause or a change
 * of stock has an exact position among the claims, and replaying the partition always gives the same winners.
 *
 * <p><b>Partition counts never change.</b> With another count, a coupon's key would map to a partition whose Kafka
 * Streams task does not have the coupon's state, and the stock would be issued a second time. The services check the
 * count when they start, and name the partition of each record themselves.
 */
public final class Topics {

    /** The setting of a topic that limits how far ahead of the broker's clock the time of a record may be. */
    public static final String TIME_AHEAD_MAX = "message.timestamp.after.max.ms";

    /** The setting of a topic that limits how far behind the broker's clock the time of a record may be. */
    public static final String TIME_BEHIND_MAX = "message.timestamp.before.max.ms";

    /** The setting of a compacted topic that limits how long a record stays after a newer one of its key. */
    public static final String COMPACTION_LAG_MAX = "max.compaction.lag.ms";

    /** Requests of users and operators. Record timestamps are the broker's append times, never a client's clock. */
    public static final Topic<CouponCommand> COMMANDS = new Topic<>("coupon-commands", CouponCommand.class,
            with(neverTruncated(), "cleanup.policy", "delete", "retention.ms", days(7), "retention.bytes", "-1",
                    "message.timestamp.type", "LogAppendTime"));

    /**
     * The authority's decisions. The outcomes of one coupon are in the order in which they were decided. Each record
     * has the time of its command's record, which tells readers how far the authority is.
     */
    public static final Topic<CouponOutcome> OUTCOMES = new Topic<>("coupon-outcomes", CouponOutcome.class,
            with(deletedAfter30Days(), "message.timestamp.type", "CreateTime"));

    /**
     * The state of each coupon. Compacted: the last record of a key is the current state. Readers begin at the start of
     * the topic, so older records must not remain for a week as they would with Kafka's defaults. The broker begins a
     * new segment after half an hour, and compacts the one before at once.
     */
    public static final Topic<CouponState> STATES = new Topic<>("coupon-states", CouponState.class,
            with(neverTruncated(), "cleanup.policy", "compact", COMPACTION_LAG_MAX, minutes(30)));

    /** Records of {@link #COMMANDS} that are not a valid command for their key. Written by the authority. */
    public static final DeadLetterTopic COMMANDS_DLQ = new DeadLetterTopic("coupon-commands-dlq",
            deletedAfter30Days());

    /** Records of {@link #OUTCOMES} that could not be stored in MySQL. Written by the sink. */
    public static final DeadLetterTopic OUTCOMES_DLQ = new DeadLetterTopic("coupon-outcomes-dlq",
            deletedAfter30Days());

    private Topics() {}

    /** All topics, in the order of this declaration. */
    public static List<TopicSpec> all() {
        return List.of(COMMANDS, OUTCOMES, STATES, COMMANDS_DLQ, OUTCOMES_DLQ);
    }

    private static Map<String, String> deletedAfter30Days() {
        return with(neverTruncated(), "cleanup.policy", "delete", "retention.ms", days(30), "retention.bytes", "-1");
    }

    /**
     * A replica that missed records never becomes leader. And a record is not refused for its time: outcomes carry the
     * time of their commands. A broker whose clock is an hour ahead of another one must not stop the authority, and
     * neither must a command that waited for days, where the cluster limits the age of records.
     */
    private static Map<String, String> neverTruncated() {
        return Map.of("unclean.leader.election.enable", "false", TIME_AHEAD_MAX, String.valueOf(Long.MAX_VALUE),
                TIME_BEHIND_MAX, String.valueOf(Long.MAX_VALUE));
    }

    private static Map<String, String> with(Map<String, String> settings, String... more) {
        var all = new TreeMap<>(settings);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return Map.copyOf(all);
    }

    private static String minutes(int minutes) {
        return String.valueOf(Duration.ofMinutes(minutes).toMillis());
    }

    private static String days(int days) {
        return String.valueOf(Duration.ofDays(days).toMillis());
    }
}
