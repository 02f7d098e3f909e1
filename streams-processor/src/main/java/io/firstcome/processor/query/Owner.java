package io.firstcome.processor.query;

import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.kit.http.ProblemException;
import io.firstcome.processor.topology.CouponStoreView;

/** The instance that currently holds a coupon's stores. */
sealed interface Owner {

    /**
     * This instance, with its stores.
     *
     * @param isComplete whether the stores have been complete since the owner was found
     */
    record Local(CouponStoreView view, BooleanSupplier isComplete) implements Owner {

        /**
         * Reads the stores.
         *
         * @throws InvalidStateStoreException when they may have been incomplete meanwhile
         * @throws ProblemException when the query finds nothing
         */
        <T> T ask(Function<CouponStoreView, T> query) {
            T answer;
            try {
                answer = query.apply(view);
            } catch (ProblemException absent) {
                demandComplete();
                throw absent;
            }
            demandComplete();
            return answer;
        }

        private void demandComplete() {
            if (!isComplete.getAsBoolean()) {
                throw new InvalidStateStoreException("the stores were restored while they were read");
            }
        }
    }

    /** Another instance, by its {@code application.server}. */
    record Remote(HostInfo host) implements Owner {}

    /**
     * No instance is known, for example during a rebalance.
     *
     * @param reason one sentence for the caller
     */
    record Unknown(String reason) implements Owner {}
}
