package io.firstcome.gate.projection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.redis.GateEntry;

/**
 * What the records of one poll, or one page of holders, change in the gate.
 *
 * @param decisions the claims decided, in order, by coupon
 * @param states the newest state of each coupon
 */
record ProjectionBatch(Map<CouponId, List<Decision>> decisions, Map<CouponId, CouponState> states) {

    /**
     * One claim decided.
     *
     * @param entry the issued coupon as {@link GateEntry#text()}; empty when the claim was rejected
     */
    record Decision(String user, String requestId, String entry) {}

    ProjectionBatch() {
        this(new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** A record that a newer version may have written. */
    record Newer(long offset, String why) {}

    /**
     * Adds the records of one partition, up to the first one that a newer version may have written.
     *
     * @param unreadable receives each record that cannot be decoded; the batch leaves such records out
     * @return the record at which the partition must stop
     */
    Optional<Newer> add(List<ConsumerRecord<byte[], byte[]>> records,
            BiConsumer<ConsumerRecord<byte[], byte[]>, ContractViolation> unreadable) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                add(record);
            } catch (NewerFormat e) {
                return Optional.of(new Newer(record.offset(),
                        e.at(record.topic(), record.partition(), record.offset())));
            } catch (ContractViolation e) {
                unreadable.accept(record, e);
            }
        }
        return Optional.empty();
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
            case ChangeRejected _ -> {
                // The coupon has not changed.
            }
            case CommandInvalid _ -> {
                // The reservation of an invalid claim expires: the outcome does not name the user.
            }
        }
    }

    /** Leaves out the decisions on some coupons. */
    void omitDecisions(Predicate<CouponId> coupons) {
        decisions.keySet().removeIf(coupons);
    }

    private void decided(CouponOutcome outcome, String user, String entry) {
        decisions.computeIfAbsent(outcome.couponId(), id -> new ArrayList<>())
                .add(new Decision(user, outcome.requestId().value(), entry));
    }
}
