package io.firstcome.standalone.plan;

/**
 * The formulas of {@code docs/capacity.md}. Rates are per second, sizes in bytes, times in seconds, processor times of
 * {@link MeasuredFigures} in microseconds. All arithmetic is in {@code double}, which counts exactly up to 2^53 and
 * does not overflow.
 *
 * <p>The constants are figures that the benchmark does not write into its results file. Each names the page that states
 * the measurement.
 */
final class CapacityFormulas {

    /**
     * The part of an issued claim's processor time that an ingress takes. From the profile in
     * {@code docs/performance.md}: 11.6 of 19.3 seconds of all threads that serve claims (HTTP 9.1, producers 1.4, gate
     * 1.1). The time of the JIT compiler, the garbage collector and others is divided in the same proportion.
     */
    static final double INGRESS_PART = 0.60;

    /** The part that the leading brokers take: 5.2 of 19.3 seconds of the same profile. */
    static final double BROKER_PART = 0.27;

    /** The part that the sink takes: 1.0 of 19.3 seconds of the same profile. */
    static final double SINK_PART = 0.05;

    /**
     * The part that the readers of one ingress take, which read every claim and every outcome: 2 of the 59 percent of
     * the second profile that threads took which serve claims. An upper bound, because a record costs a reader less in
     * larger batches.
     */
    static final double READER_PART = 2.0 / 59;

    /** The shortest key and value of a claim: all ids have one character. */
    static final int CLAIM_BYTES_MIN = 67;

    /** What {@code CouponIssued} has beyond {@code IssueCoupon}: sequence and time, as JSON. */
    static final int OUTCOME_EXTRA_BYTES = 58;

    /** What {@code IssueCoupon} has beyond the changelog record of the holder: names of fields, and the coupon's id. */
    static final int HOLDER_SAVED_BYTES = 56;

    /**
     * What Kafka adds to a record: lengths, offset and time relative to the batch, and the record's part of the header
     * of its batch (61 bytes for about 70 records, see the profile in {@code docs/performance.md}).
     */
    static final int RECORD_OVERHEAD_BYTES = 12;

    /** An issued row with its indexes on the database's disk, logs included ({@code docs/performance.md}). */
    static final double ROW_BYTES = 360;

    /** A holder in the authority's store on disk ({@code docs/performance.md}). */
    static final double STORE_BYTES = 80;

    /** A holder in Redis, the upper end of the measured range ({@code docs/gate.md}). */
    static final double HOLDER_BYTES = 150;

    /** An admitted claim in Redis: two entries, in a sorted set and in a hash, assumed as large as two holders. */
    static final double RESERVATION_BYTES = 2 * HOLDER_BYTES;

    /** Free memory of Redis for fragmentation and peaks ({@code docs/gate.md}). */
    static final double REDIS_HEADROOM = 2;

    /** A request that an ingress remembers (the setting {@code FIRSTCOME_REQUESTS_MAX}). */
    static final double REQUEST_BYTES = 200;

    /** A holder that an ingress remembers, the upper end (the setting {@code FIRSTCOME_HOLDERS_MAX}). */
    static final double CACHED_HOLDER_BYTES = 11;

    /** The declared retention of {@code coupon-commands} in hours. */
    static final int COMMANDS_HOURS = 7 * 24;

    /** The declared retention of {@code coupon-outcomes} in hours. */
    static final int OUTCOMES_HOURS = 30 * 24;

    private static final double MICROS = 1e6;
    private static final double BYTES_PER_GBIT = 1e9 / 8;

    private CapacityFormulas() {}

    /**
     * Claims per second. Services are not sized for less than a second: what comes at once is answered
     * within it.
     */
    static double claimsPerSecond(double claims, double seconds) {
        return claims / Math.max(1, seconds);
    }

    /**
     * Claims of the first second that are issued and therefore pass the gate. The gate keeps the rest from the log, and
     * no later second has more of them.
     */
    static double admittedPerSecond(double claimsPerSecond, double issues) {
        return Math.min(claimsPerSecond, issues);
    }

    /**
     * Stream threads that have work. One coupon is one partition, and one thread decides a partition in the order of
     * the log: more threads than coupons are idle.
     */
    static double busyThreads(double admittedPerSecond, double decisionsPerSecond, double utilisation, long coupons) {
        return Math.min(Math.ceil(admittedPerSecond / (decisionsPerSecond * utilisation)), coupons);
    }

    /** Decisions per second of all busy threads, never more than are admitted. */
    static double decidedPerSecond(double admittedPerSecond, double busyThreads, double decisionsPerSecond) {
        return Math.min(admittedPerSecond, busyThreads * decisionsPerSecond);
    }

    /**
     * Partitions of every topic. Keys spread unevenly, so there are twice as many as busy threads, and at least the
     * default. The number can never be changed.
     */
    static double partitions(double busyThreads) {
        return Math.max(6, 2 * busyThreads);
    }

    /**
     * Admitted claims that wait for their decision when the last one arrives. They arrive with {@code admitted} and are
     * decided with {@code decided} per second meanwhile.
     */
    static double undecidedMax(double issues, double admittedPerSecond, double decidedPerSecond) {
        return issues * (1 - decidedPerSecond / admittedPerSecond);
    }

    /**
     * Claims that are rejected before the sell-out is known: those that come after all stock is reserved, until the
     * last piece is decided and the decision is read. Each of them asks the gate, and is counted once, although it asks
     * again while it waits for stock and when it is repeated after 503. The sold-out cache rejects the later ones.
     */
    static double askingClaims(double rejected, double claimsPerSecond, double seconds) {
        return Math.min(rejected, claimsPerSecond * seconds);
    }

    /**
     * Processors of all ingresses in the first second, without what they read: their part of what an issued claim
     * takes, and all that a rejected claim takes, because it ends in the ingress. In that second the sell-out is not
     * known, so each rejected claim asks the gate, at least once.
     */
    static double ingressCores(double admittedPerSecond, double rejectedPerSecond, MeasuredFigures measured) {
        return (admittedPerSecond * measured.micros().issued() * INGRESS_PART
                + rejectedPerSecond * measured.askedMicros()) / MICROS;
    }

    /** Processors of each ingress for what it reads: every claim in the log and every outcome, also those of others. */
    static double readingCores(double admittedPerSecond, double decidedPerSecond, MeasuredFigures measured) {
        return (admittedPerSecond + decidedPerSecond) * readMicros(measured) / MICROS;
    }

    /** Processor time of a record that an ingress reads, in µs, at most. An issued claim has two: claim and outcome. */
    static double readMicros(MeasuredFigures measured) {
        return measured.micros().issued() * READER_PART / 2;
    }

    /**
     * Ingresses, each of which has for claims what reading leaves. An ingress that would need more than half of its
     * processors to read is planned with half; the plan then says how many processors it should have.
     */
    static double ingressInstances(double neededCores, double readingCores, int coresEach, double utilisation) {
        double usable = coresEach * utilisation;
        return Math.max(2, Math.ceil(neededCores / Math.max(usable - readingCores, usable / 2)));
    }

    /**
     * Processors of the brokers. A follower is assumed to work as much as a leader. Upper bound: the profile had 74
     * records a request, and a broker's work for a record falls with larger batches.
     */
    static double brokerCores(double decidedPerSecond, int replication, MeasuredFigures measured) {
        return decidedPerSecond * measured.micros().issued() * BROKER_PART * replication / MICROS;
    }

    /** Processors of the sinks. */
    static double sinkCores(double decidedPerSecond, MeasuredFigures measured) {
        return decidedPerSecond * measured.micros().issued() * SINK_PART / MICROS;
    }

    /** Instances with some processors each. Two at least, so that one may fail or be replaced. */
    static double instances(double neededCores, int coresEach, double utilisation) {
        return Math.max(2, Math.ceil(neededCores / (coresEach * utilisation)));
    }

    /** Bytes of a claim's record in {@code coupon-commands}, of one replica. */
    static double commandBytes(int messageBytes) {
        return messageBytes + RECORD_OVERHEAD_BYTES;
    }

    /** Bytes of an issue's record in {@code coupon-outcomes}, of one replica. */
    static double outcomeBytes(int messageBytes) {
        return messageBytes + OUTCOME_EXTRA_BYTES + RECORD_OVERHEAD_BYTES;
    }

    /** Bytes of the holder's record in the changelog of {@code issued-users}, of one replica. */
    static double changelogBytes(int messageBytes) {
        return messageBytes - HOLDER_SAVED_BYTES + RECORD_OVERHEAD_BYTES;
    }

    /** Bytes of an issue in Kafka, of one replica: the command, the outcome and the holder in the changelog. */
    static double issueBytes(int messageBytes) {
        return commandBytes(messageBytes) + outcomeBytes(messageBytes) + changelogBytes(messageBytes);
    }

    /**
     * Bytes on the disks of all brokers: commands and outcomes for their retention, holders until their coupon is
     * archived 30 days after its end.
     */
    static double retainedBytes(double issuesPerDay, int messageBytes, int replication, int outcomesHours) {
        return issuesPerDay * replication * (commandBytes(messageBytes) * COMMANDS_HOURS / 24
                + outcomeBytes(messageBytes) * outcomesHours / 24 + changelogBytes(messageBytes) * 31);
    }

    /** Bytes per second that all brokers receive: every record once for each replica. */
    static double kafkaInBytes(double admittedPerSecond, double decidedPerSecond, int messageBytes, int replication) {
        return replication * (admittedPerSecond * commandBytes(messageBytes)
                + decidedPerSecond * (outcomeBytes(messageBytes) + changelogBytes(messageBytes)));
    }

    /**
     * Bytes per second that all brokers send. Every ingress reads all commands and all outcomes; the authority reads
     * the commands, a sink and the projector of each gate the outcomes; followers read everything.
     */
    static double kafkaOutBytes(double admittedPerSecond, double decidedPerSecond, int messageBytes, int replication,
            double ingresses, double gates) {
        double followers = replication - 1.0;
        return admittedPerSecond * commandBytes(messageBytes) * (ingresses + 1 + followers)
                + decidedPerSecond * outcomeBytes(messageBytes) * (ingresses + 1 + gates + followers)
                + decidedPerSecond * changelogBytes(messageBytes) * followers;
    }

    /** Brokers that carry a load in one direction of the network. */
    static double brokersForNetwork(double bytesPerSecond, double networkGbit, double utilisation) {
        return Math.ceil(bytesPerSecond / (networkGbit * BYTES_PER_GBIT * utilisation));
    }

    /** Memory of one Redis server. Every gate has all holders of coupons that ended less than a day ago. */
    static double redisBytes(double issuesPerDay, double reservations) {
        return REDIS_HEADROOM * (issuesPerDay * HOLDER_BYTES + reservations * RESERVATION_BYTES);
    }

    /**
     * How long the processors work for a sale. The measured rates are those of all processors of the machine of the
     * run; {@code cores} processors are assumed to be faster in proportion.
     *
     * @param awaitedDecisionsPerSecond the measured rate of decisions for callers who wait
     */
    static double workSeconds(double issues, double asking, double fromCache, double awaitedDecisionsPerSecond,
            double cores,
            MeasuredFigures measured) {
        double seconds = issues / awaitedDecisionsPerSecond + asking / measured.askedPerSecond()
                + fromCache / measured.rates().soldOut();
        return seconds * measured.cores() / cores;
    }

    /**
     * When all users are answered who press at the same moment, on the machine of the run. The winners come first.
     * Their decisions take at least as long as the slowest one, because the sell-out is known only then. Meanwhile one
     * loser on each connection asks the gate; the sold-out cache rejects the others.
     */
    static double answeredAtOnce(PublishedRun.Size sale, MeasuredFigures measured) {
        double asking = Math.min(sale.losers(), sale.connections());
        double deciding = workSeconds(sale.issues(), 0, 0, measured.awaitedDecisionsPerSecond(sale.connections()),
                measured.cores(), measured);
        return Math.max(deciding, sale.losers() > 0 ? measured.decisionMillis() / 1_000 : 0)
                + workSeconds(0, asking, sale.losers() - asking, 1, measured.cores(), measured);
    }

    /** Processor time of a claim of such a sale, in µs. */
    static double microsAtOnce(PublishedRun.Size sale, MeasuredFigures measured) {
        double asking = Math.min(sale.losers(), sale.connections());
        return (sale.issues() * measured.micros().issued() + asking * measured.askedMicros()
                + (sale.losers() - asking) * measured.micros().soldOut()) / sale.users();
    }
}
