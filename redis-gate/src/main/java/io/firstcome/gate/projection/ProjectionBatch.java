package io.firstcome.gate.projection;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.Topics;
import io.firstcome.gate.redis.GateEntry;

/**
 * What one poll means to the gate.
 *
 * @param decisions the claims decided, in order, by coupon
 * @param states the newest state of each coupon
 */
record ProjectionBatch(Map<CouponId, List<Decision>> decisions, Map<CouponId, CouponState> states) {

    /**
     * One claim decided.
     *
     * @param holding what the user holds now, as {@link GateEntry#text()}; empty when rejected
     */
    record Decision(String user, String requestId, String holding) {}

    /** @param unreadable is told of each record that means nothing; it is passed over */
    static ProjectionBatch of(Iterable<ConsumerRecord<byte[], byte[]>> records,
            BiConsumer<ConsumerRecord<byte[], byte[]>, ContractViolation> unreadable) {
        var batch = new ProjectionBatch(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                batch.add(record);
            } catch (ContractViolation e) {
                unreadable.accept(record, e);
            }
        }
        return batch;
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topics.STATES.name())) {
            add(Topics.STATES.decode(record.value()));
        } else {
            add(Topics.OUTCOMES.decode(record.value()));
        }
    }

    private void add(CouponState state) {
        states.merge(state.couponId(), state, (known, read) -> read.isNewerThan(known) ? read : known);
    }

    private void add(CouponOutcome outcome) {
        switch (outcome) {
            case CouponIssued issued -> decided(outcome, issued.userId().value(), GateEntry.of(issued).text());
            case IssueRejected rejected -> decided(outcome, rejected.userId().value(), "");
            case CouponChanged changed -> add(changed.state());
            case ChangeRejected rejected -> {
                // It changed nothing.
            }
            case CommandInvalid invalid -> {
                // If it was a claim, its reservation expires: the outcome does not name the user.
            }
        }
    }

    /** Leaves out the decisions on some coupons. */
    void omitDecisions(Predicate<CouponId> coupons) {
        decisions.keySet().removeIf(coupons);
    }

    /** Every coupon that it says something about. */
    Set<CouponId> coupons() {
        Set<CouponId> coupons = new HashSet<>(decisions.keySet());
        coupons.addAll(states.keySet());
        return coupons;
    }

    private void decided(CouponOutcome outcome, String user, String holding) {
        decisions.computeIfAbsent(outcome.couponId(), id -> new ArrayList<>())
                .add(new Decision(user, outcome.requestId().value(), holding));
    }
}
