package io.firstcome.bench.rival;

import java.sql.SQLException;

import io.firstcome.bench.rival.parts.Reply;

/** One design, in its own JVM. Many threads call it at the same time. */
interface Rival extends AutoCloseable {

    /** Creates a coupon that is open at once. */
    void define(String couponId, long stock) throws SQLException;

    /** Answers a claim. An exception becomes {@link Reply#UNAVAILABLE}. */
    Reply claim(String couponId, String userId) throws Exception;

    /** Finishes the work under way. */
    @Override
    void close();
}
