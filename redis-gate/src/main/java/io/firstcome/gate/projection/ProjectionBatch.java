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
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.redis.GateEntry;
import io.firstcome.kit.service.WriterVersion;

/**
 * What the records of one poll, or one page of holders, change in the gate.
 *
 * @param decisions the claims decided and the issues revoked, in order, by coupon
 * @param states the newest state of each coupon
 */
record ProjectionBatch(Map<CouponId, List<Decision>> decisions, Map<CouponId, CouponState> states) {

    /**
     * One claim decided, or one issue revoked.
     *
     * @param requestId the claim
     * @param change what {@code settle.lua} changes for the user
     * @param revoked how many issues of the coupon are revoked after the decision; 0 when the decision does not tell
     */
    record Decision(String user, String requestId, String change, long revoked) {

        static Decision issued(UserId user, GateEntry entry) {
            return new Decision(user.value(), entry.requestId().value(), entry.text(), 0);
        }

        static Decision rejected(UserId user, RequestId request) {
            return new Decision(user.value(), request.value(), "", 0);
        }

        static Decision revoked(UserId user, RequestId claim, long sequence, long revoked) {
            return new Decision(user.value(), claim.value(), "-" + sequence, revoked);
        }
    }

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
                var at = new RecordPosition(record.topic(), record.partition(), record.offset());
                return Optional.of(new Newer(record.offset(), WriterVersion.problem(e, at, record.headers())));
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
            case CouponIssued issued -> decided(outcome, Decision.issued(issued.userId(), GateEntry.of(issued)));
            case IssueRejected rejected ->
                decided(outcome, Decision.rejected(rejected.userId(), rejected.requestId()));
            case IssueRevoked revoked -> decided(outcome, Decision.revoked(revoked.userId(), revoked.claimRequestId(),
                    revoked.sequence(), revoked.revoked()));
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

    private void decided(CouponOutcome outcome, Decision decision) {
        decisions.computeIfAbsent(outcome.couponId(), _ -> new ArrayList<>()).add(decision);
    }
}
