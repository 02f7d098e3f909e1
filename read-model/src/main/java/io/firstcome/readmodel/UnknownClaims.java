package io.firstcome.readmodel;

import java.time.Instant;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import io.firstcome.contract.id.CouponId;

/**
 * Tells whether the log may have a claim that is undecided and unknown to this ingress: a claim from before the records
 * that a start reads, or one that the tracker forgot. The authority decides the commands of a partition in their order,
 * and the record of an outcome has the time of its command's record. So the outcomes that were read tell how far the
 * authority is.
 */
final class UnknownClaims {

    private final ToIntFunction<CouponId> partitionOf;
    private final Partition[] partitions;

    UnknownClaims(ToIntFunction<CouponId> partitionOf, int partitions) {
        this.partitionOf = partitionOf;
        this.partitions = IntStream.range(0, partitions).mapToObj(_ -> new Partition()).toArray(Partition[]::new);
    }

    /** No claim of a partition from before this time is read. All others are. */
    void leftOut(int partition, Instant time) {
        partitions[partition].unknownUntil(time);
    }

    /** Nothing about a claim is known any more that was appended at this time. */
    void forgotten(CouponId couponId, Instant appendedAt) {
        partitions[partitionOf.applyAsInt(couponId)].unknownUntil(appendedAt);
    }

    /** An outcome was read whose record has this time, and the tracker knows the outcome. */
    void decided(int partition, Instant time) {
        partitions[partition].decidedUntil(time);
    }

    /**
     * Whether a claim on this coupon may be undecided that is not known. Ask after everything has been read that was
     * committed when the claim was looked up.
     */
    boolean mayBeUndecided(CouponId couponId) {
        return partitions[partitionOf.applyAsInt(couponId)].isBehind();
    }

    private static final class Partition {

        private Instant unknownUntil = Instant.MIN;
        private Instant decidedUntil = Instant.MIN;

        synchronized void unknownUntil(Instant time) {
            unknownUntil = time.isAfter(unknownUntil) ? time : unknownUntil;
        }

        synchronized void decidedUntil(Instant time) {
            decidedUntil = time.isAfter(decidedUntil) ? time : decidedUntil;
        }

        synchronized boolean isBehind() {
            return decidedUntil.isBefore(unknownUntil);
        }
    }
}
