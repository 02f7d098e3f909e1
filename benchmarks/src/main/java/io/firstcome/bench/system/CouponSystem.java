package io.firstcome.bench.system;

import java.net.URI;

/** A system that gives out coupons over HTTP, started for one benchmark. */
public interface CouponSystem extends AutoCloseable {

    /** A short name such as {@code redis-queue}. */
    String name();

    /** What the system does differently from FirstCome and what it does not guarantee; one sentence for the report. */
    String weakness();

    /**
     * The base address; claims go to {@code POST /v1/coupons/{couponId}/issues} with <code>{"userId": "..."}</code>.
     */
    URI url();

    /** Creates a coupon that is open at once; returns when claims for it are served. */
    void createCoupon(String couponId, long stock) throws Exception;

    /** How many issued rows of the coupon the database holds. */
    long storedRows(String couponId) throws Exception;

    @Override
    void close();
}
