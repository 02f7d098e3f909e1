package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Where a coupon stands: absolute values, never differences, so that the last record read is the truth and reading one
 * twice harms nobody.
 *
 * @param definition what the operator decided last
 * @param status what the operator did with it last
 * @param version counts the changes of definition and status, from 1; issuing does not change it
 * @param issued how many have been issued, 0 to the stock
 */
public record CouponState(
        CouponDefinition definition,
        CouponStatus status,
        long version,
        long issued) implements AboutCoupon {

    /** @throws ContractViolation naming the first field that is not allowed */
    public CouponState {
        Require.present("definition", definition);
        Require.present("status", status);
        Require.between("version", version, 1, Long.MAX_VALUE);
        Require.between("issued", issued, 0, definition.stock());
    }

    @Override
    public CouponId couponId() {
        return definition.couponId();
    }

    /** How many can still be issued. Written for readers of the log; when read back it is derived, not trusted. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long remaining() {
        return definition.stock() - issued;
    }

    /** Whether every coupon of the stock has been issued. */
    public boolean isSoldOut() {
        return remaining() == 0;
    }

    /** Whether this was true later than {@code other}, by {@code (version, issued)}: both only ever grow. */
    public boolean isNewerThan(CouponState other) {
        return version > other.version || (version == other.version && issued > other.issued);
    }

    /** The same coupon with another number of issued ones. */
    public CouponState withIssued(long newIssued) {
        return new CouponState(definition, status, version, newIssued);
    }
}
