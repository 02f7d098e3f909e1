package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Require;

/**
 * The state of one coupon, written to {@link Topics#STATES}. All values are absolute, never increments: the last record
 * of a coupon is its current state, and applying a record twice has no effect.
 *
 * <p>States are ordered by {@code (version, issued)}; see {@link #isNewerThan}. Changes of definition and status and
 * the sell-out are published at once. Other changes of {@code issued} are throttled, so the count in the topic may lag
 * behind the outcomes by a fraction of a second.
 *
 * @param definition the current definition
 * @param status the current status
 * @param version the number of definition and status changes, starting at 1; issuing does not change it
 * @param issued the number of coupons issued, 0 to the stock; it never decreases
 */
public record CouponState(
        CouponDefinition definition,
        CouponStatus status,
        long version,
        long issued) implements AboutCoupon {

    /** @throws ContractViolation naming the first field that is not valid */
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

    /**
     * The number of coupons that can still be issued: stock minus issued. The JSON contains it for other consumers of
     * the topic; when a state is read from JSON, the value there is ignored.
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long remaining() {
        return definition.stock() - issued;
    }

    /** Whether the whole stock has been issued. */
    public boolean isSoldOut() {
        return remaining() == 0;
    }

    /** Whether this state is later than {@code other}: a greater version, or the same version and more issued. */
    public boolean isNewerThan(CouponState other) {
        return version > other.version || (version == other.version && issued > other.issued);
    }

    /** A copy with another number of issued coupons. */
    public CouponState withIssued(long newIssued) {
        return new CouponState(definition, status, version, newIssued);
    }
}
