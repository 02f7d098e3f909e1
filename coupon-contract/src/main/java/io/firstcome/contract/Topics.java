package io.firstcome.contract;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Every topic, declared once.
 *
 * <p><b>Why offset order is first-come order.</b> Every record's key is its coupon, so everything about one coupon,
 * claims and operators' commands alike, stands on one partition of {@link #COMMANDS}. A partition is a single line: the
 * broker gives each record the next offset when it takes it in, and that is the one moment at which "who was first"
 * is decided. Clients' clocks, the order of HTTP arrivals and the speed of one ingress or another do not matter; a pause
 * or a change of stock has its exact place among the claims; and anybody can replay the line and get the same winners.
 *
 * <p>Partition counts are frozen at creation: with another count a coupon's key would move to a partition whose state
 * does not know it.
 */
public final class Topics {

    /** What people want. Times are the broker's append times, never a client's clock. */
    public static final Topic<CouponCommand> COMMANDS = new Topic<>("coupon-commands", CouponCommand.class,
            kept(7, "message.timestamp.type", "LogAppendTime"));

    /** What was decided, in the order of the decisions. */
    public static final Topic<CouponOutcome> OUTCOMES = new Topic<>("coupon-outcomes", CouponOutcome.class, kept(30));

    /** Where each coupon stands; the last record of a key is the truth. */
    public static final Topic<CouponState> STATES = new Topic<>("coupon-states", CouponState.class,
            Map.of("cleanup.policy", "compact"));

    /** Records of {@link #COMMANDS} that are no command for their key. */
    public static final DeadLetterTopic COMMANDS_DLQ = new DeadLetterTopic("coupon-commands-dlq", kept(30));

    /** Records of {@link #OUTCOMES} that could not be stored. */
    public static final DeadLetterTopic OUTCOMES_DLQ = new DeadLetterTopic("coupon-outcomes-dlq", kept(30));

    private Topics() {}

    /** All of them. */
    public static List<TopicSpec> all() {
        return List.of(COMMANDS, OUTCOMES, STATES, COMMANDS_DLQ, OUTCOMES_DLQ);
    }

    private static Map<String, String> kept(int days) {
        return Map.of("cleanup.policy", "delete", "retention.ms", String.valueOf(Duration.ofDays(days).toMillis()));
    }

    private static Map<String, String> kept(int days, String setting, String value) {
        return Map.of("cleanup.policy", "delete", "retention.ms", String.valueOf(Duration.ofDays(days).toMillis()),
                setting, value);
    }
}
