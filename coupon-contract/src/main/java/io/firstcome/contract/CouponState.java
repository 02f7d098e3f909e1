package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Require;

/**
 * The state of one coupon, written to {@link Topics#STATES}. All values are absolute, never increments: the last record
 * of a coupon is its current state, and applying a record twice has no effect.
 *
 * <p>States are ordered by {@code (version, issued, revoked)}; see {@link #isNewerThan}. Changes of definition and
 * status, the sell-out and its end are published at once. Other changes of the counts are throttled, so the counts in
 * the topic may lag behind the outcomes by a fraction of a second.
 *
 * @param definition the current definition
 * @param status the current status
 * @param version the number of definition and status changes, starting at 1; issuing does not change it
 * @param issued the number of coupons issued, revoked ones included; it never decreases and is the last sequence
 * @param revoked the number of issued coupons that were revoked; it never decreases. The JSON omits 0, so that a reader
 *     of an earlier release can read the state of a coupon without revocations
 */
public record CouponState(
        CouponDefinition definition,
        CouponStatus status,
        long version,
        long issued,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long revoked) implements AboutCoupon {

    /** @throws ContractViolation naming the first field that is not valid */
    public CouponState {
        Require.present("definition", definition);
        Require.present("status", status);
        Require.between("version", version, 1, Long.MAX_VALUE);
        Require.between("issued", issued, 0, CouponOutcome.MAX_SEQUENCE);
        Require.between("revoked", revoked, 0, issued);
        Require.that(issued - revoked <= definition.stock(), "issued",
                "must not exceed the stock by more than the number of revoked coupons");
    }

    /** The state of a coupon of which none was revoked. */
    public CouponState(CouponDefinition definition, CouponStatus status, long version, long issued) {
        this(definition, status, version, issued, 0);
    }

    /**
     * Reads a state from JSON.
     *
     * @param revoked null for 0
     */
    @JsonCreator
    static CouponState of(@JsonProperty("definition") CouponDefinition definition,
            @JsonProperty("status") CouponStatus status, @JsonProperty("version") long version,
            @JsonProperty("issued") long issued, @JsonProperty("revoked") Long revoked) {
        return new CouponState(definition, status, version, issued, revoked == null ? 0 : revoked);
    }

    @Override
    public CouponId couponId() {
        return definition.couponId();
    }

    /**
     * The number of coupons that can be issued now: the stock minus the number held. The JSON contains it for other
     * consumers of the topic; when a state is read from JSON, the value there is ignored.
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long remaining() {
        return definition.stock() - held();
    }

    /** How many users' coupons are issued and not revoked. */
    public long held() {
        return issued - revoked;
    }

    /** Whether the whole stock is held. */
    public boolean isSoldOut() {
        return remaining() == 0;
    }

    /**
     * Whether this state is later than {@code other}. The version counts first; of two states of the same version the
     * later one has more issued, or as many issued and more revoked.
     */
    public boolean isNewerThan(CouponState other) {
        if (version != other.version) {
            return version > other.version;
        }
        return issued != other.issued ? issued > other.issued : revoked > other.revoked;
    }

    /** A copy with another number of issued coupons. */
    public CouponState withIssued(long newIssued) {
        return new CouponState(definition, status, version, newIssued, revoked);
    }

    /** A copy with another number of revoked coupons. */
    public CouponState withRevoked(long newRevoked) {
        return new CouponState(definition, status, version, issued, newRevoked);
    }
}
