package io.firstcome.processor.query;

import java.util.Optional;
import java.util.function.Function;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.UserId;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.processor.topology.CouponStoreView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * The authority's stores over HTTP, whichever instance holds them.
 *
 * <p>The numbers may run one transaction ahead of the committed outcomes and, after a crash, fall back by as much. They
 * are for looking; a verdict for a user comes from {@code coupon-outcomes}, read committed.
 */
public final class CouponQueries implements AutoCloseable {

    private final Forwarder forwarder = new Forwarder();
    private volatile Optional<OwnerDirectory> directory = Optional.empty();

    /** Adds the routes. Until {@link #open} they answer 503. */
    public void register(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/stock", this::stock);
        routes.get("/v1/coupons/{couponId}/issues/{userId}", this::issue);
        // A store can be taken away between finding and reading it.
        routes.exception(InvalidStateStoreException.class,
                (moved, context) -> Requests.answer(context, Problem.unavailable("The coupon is changing its owner.")));
    }

    /**
     * Starts answering.
     *
     * @param self this instance as the others know it, its {@code application.server}
     */
    public void open(KafkaStreams streams, HostInfo self) {
        directory = Optional.of(new OwnerDirectory(streams, self));
    }

    @Override
    public void close() {
        forwarder.close();
    }

    private void stock(Context context) {
        CouponId couponId = Requests.couponId(context);
        answer(context, couponId, view -> StockResponse.of(
                view.state(couponId).orElseThrow(() -> unknown(couponId)), instances().self()));
    }

    private void issue(Context context) {
        CouponId couponId = Requests.couponId(context);
        UserId userId = Requests.userId(context);
        answer(context, couponId, view -> IssueResponse.of(couponId, userId,
                view.holding(couponId, userId).orElseThrow(() -> noIssue(view, couponId, userId))));
    }

    private void answer(Context context, CouponId couponId, Function<CouponStoreView, Object> question) {
        switch (instances().of(couponId)) {
            case Owner.Here(var view) -> Requests.answer(context, 200, question.apply(view));
            case Owner.Elsewhere(var host) -> forwarder.forward(context, host, instances().self());
            case Owner.Unknown(var why) -> throw new ProblemException(Problem.unavailable(why));
        }
    }

    private OwnerDirectory instances() {
        return directory.orElseThrow(() -> new ProblemException(Problem.unavailable("This instance is starting.")));
    }

    private static ProblemException noIssue(CouponStoreView view, CouponId couponId, UserId userId) {
        return view.state(couponId).isEmpty()
                ? unknown(couponId)
                : new ProblemException(Problem.of(ProblemType.NO_SUCH_ISSUE,
                        userId + " holds none of coupon " + couponId + "."));
    }

    private static ProblemException unknown(CouponId couponId) {
        return new ProblemException(Problem.of(ProblemType.UNKNOWN_COUPON,
                "Coupon " + couponId + " has not been defined."));
    }
}
