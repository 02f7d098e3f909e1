package io.firstcome.standalone.check.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.standalone.console.Amount;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedCommand;
import io.firstcome.testkit.log.LoggedOutcome;
import io.firstcome.testkit.log.UnreadableCommand;

/**
 * What was read of the log, and what part of it can be compared. Where retention has removed the beginning of a
 * partition, a coupon can be compared from its creation on, if its creation is still there.
 *
 * @param commands in the order in which they were read
 * @param outcomes in the order in which they were read; the command of each is among {@code commands}
 * @param defined the coupons that have a state
 * @param firstCommands the first commands that Kafka has
 * @param firstOutcomes the first outcomes that Kafka has
 */
public record History(List<CommandRecord> commands, List<LoggedOutcome> outcomes, Set<CouponId> defined,
        Cut firstCommands, Cut firstOutcomes) {

    /** Whether nothing has expired, so that every record of every coupon was read. */
    public boolean isWhole() {
        return isWhole(firstCommands) && isWhole(firstOutcomes);
    }

    /** Whether no outcome has expired. */
    public boolean hasAllOutcomes() {
        return isWhole(firstOutcomes);
    }

    private static boolean isWhole(Cut beginning) {
        return beginning.offsets().values().stream().allMatch(offset -> offset == 0);
    }

    /** The outcomes inside a cut, of the coupons of which every outcome was read. */
    public CouponLog outcomesBefore(Cut cut) {
        Set<CouponId> complete = withAllOutcomes();
        return CouponLog.of(List.of(), outcomes.stream().filter(it -> cut.contains(it.partition(), it.offset()))
                .filter(it -> isWhole(firstOutcomes) || complete.contains(it.outcome().couponId())).toList());
    }

    /** All outcomes, of the coupons of which every outcome was read. */
    public CouponLog allOutcomes() {
        Set<CouponId> complete = withAllOutcomes();
        return CouponLog.of(List.of(), outcomes.stream()
                .filter(it -> isWhole(firstOutcomes) || complete.contains(it.outcome().couponId())).toList());
    }

    /**
     * The commands that are decided and their outcomes, of the coupons of which both were read. A command counts as
     * decided when it is inside the cut, or when the outcomes of its coupon reach it: outcomes come in the order of
     * their commands.
     *
     * @param decided a cut through the commands, taken before the last outcomes were read
     */
    public CouponLog decidedBefore(Cut decided) {
        if (isWhole()) {
            return decidedBefore(decided, commands, outcomes);
        }
        Map<CouponId, RequestId> creations = creations();
        Set<CouponId> begun = new HashSet<>();
        List<CommandRecord> later = commands.stream().filter(record -> couponOf(record).filter(couponId -> {
            if (record instanceof LoggedCommand logged && logged.command() instanceof DefineCoupon define
                    && define.requestId().equals(creations.get(couponId))) {
                begun.add(couponId);
            }
            return begun.contains(couponId);
        }).isPresent()).toList();
        Set<CouponId> created = new HashSet<>();
        List<LoggedOutcome> ofThem = outcomes.stream().filter(it -> {
            CouponId couponId = it.outcome().couponId();
            if (begun.contains(couponId) && isCreation(it)) {
                created.add(couponId);
            }
            return created.contains(couponId);
        }).toList();
        return decidedBefore(decided, later, ofThem);
    }

    private static CouponLog decidedBefore(Cut decided, List<CommandRecord> commands, List<LoggedOutcome> outcomes) {
        Map<CouponId, Long> outcomeCounts = new HashMap<>();
        outcomes.forEach(it -> outcomeCounts.merge(it.outcome().couponId(), 1L, Long::sum));
        List<CommandRecord> ofDecided = new ArrayList<>();
        for (CommandRecord record : CouponLog.of(commands, List.of()).commands()) {
            Optional<CouponId> coupon = couponOf(record).filter(_ -> record.requiresOutcome());
            boolean isReached = coupon.isPresent()
                    && outcomeCounts.merge(coupon.get(), -1L, Long::sum) >= 0;
            if (isReached || decided.contains(record.partition(), record.offset())) {
                ofDecided.add(record);
            }
        }
        return CouponLog.of(ofDecided, outcomes);
    }

    private static Optional<CouponId> couponOf(CommandRecord record) {
        return switch (record) {
            case LoggedCommand logged -> Optional.of(logged.key());
            case UnreadableCommand unreadable -> unreadable.key();
        };
    }

    /** The coupons of which every outcome was read. */
    public Set<CouponId> withAllOutcomes() {
        return isWhole(firstOutcomes) ? defined : withAll(creations().keySet()::contains);
    }

    /** The coupons of which every command and every outcome was read. */
    public Set<CouponId> withAllCommands() {
        if (isWhole()) {
            return defined;
        }
        Map<CouponId, RequestId> creations = creations();
        Set<CouponId> complete = new HashSet<>();
        commands.forEach(record -> {
            if (record instanceof LoggedCommand logged && logged.command() instanceof DefineCoupon define
                    && define.requestId().equals(creations.get(logged.key()))) {
                complete.add(logged.key());
            }
        });
        return withAll(complete::contains);
    }

    private Set<CouponId> withAll(Predicate<CouponId> isComplete) {
        return Set.copyOf(defined.stream().filter(isComplete).toList());
    }

    /** The coupons whose creation is inside a cut through the outcomes. */
    public Set<CouponId> createdBefore(Cut cut) {
        return outcomes.stream().filter(History::isCreation).filter(it -> cut.contains(it.partition(), it.offset()))
                .map(it -> it.outcome().couponId()).collect(Collectors.toCollection(HashSet::new));
    }

    /** The request that created each coupon, of the coupons whose creation was read. */
    private Map<CouponId, RequestId> creations() {
        Map<CouponId, RequestId> creations = new LinkedHashMap<>();
        outcomes.stream().filter(History::isCreation)
                .forEach(it -> creations.put(it.outcome().couponId(), it.outcome().requestId()));
        return creations;
    }

    private static boolean isCreation(LoggedOutcome logged) {
        return logged.outcome() instanceof CouponChanged changed && changed.change() == Change.CREATED;
    }

    /** Which coupons retention has removed records of; empty when all coupons are among {@code complete}. */
    public String expiredExcept(Set<CouponId> complete) {
        Set<CouponId> missing = new HashSet<>(defined);
        missing.removeAll(complete);
        return missing.isEmpty()
                ? ""
                : "%s whose first records have expired (%s)".formatted(Amount.of(missing.size(), "coupon"),
                        names(missing));
    }

    /** Names some of these coupons, in the order of their ids. */
    public static String names(Collection<CouponId> coupons) {
        TreeSet<String> names = new TreeSet<>(coupons.stream().map(CouponId::value).toList());
        return String.join(", ", names.stream().limit(3).toList()) + (names.size() > 3 ? ", ..." : "");
    }
}
