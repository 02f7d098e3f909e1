package io.firstcome.processor.query;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.processor.issuance.Holding;
import io.firstcome.processor.topology.CouponStoreView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * The authority's stores over HTTP. Every instance answers for every coupon: it reads its own stores or forwards the
 * query to the owner.
 *
 * <p>Kafka's interactive queries read uncommitted state, also while the partition is being written. A response may
 * therefore be one transaction ahead of the committed outcomes, and a crash may take that transaction back. The
 * authority then makes the same decisions again, because a decision depends on nothing but the log: a holder that was
 * shown appears again with the same sequence, request and time. A user's request status comes from {@code
 * coupon-outcomes}, read with {@code read_committed}.
 */
public final class CouponQueries implements AutoCloseable {

    private final Forwarder forwarder;
    private volatile Optional<OwnerLookup> lookup = Optional.empty();

    /** @param peers the hosts that queries may be forwarded to */
    public CouponQueries(Peers peers) {
        this.forwarder = new Forwarder(peers);
    }

    /** Adds the routes. They answer 503 until {@link #open} is called. */
    public void register(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/stock", this::stock);
        routes.get("/v1/coupons/{couponId}/issues/{userId}", this::issue);
        routes.get("/v1/coupons/{couponId}/holders", this::holders);
        // A rebalance can close a store between the lookup and the read, and a lost transaction can wipe it.
        routes.exception(InvalidStateStoreException.class, (_, context) -> Requests.answer(context,
                Problem.unavailable("The state of the coupon is moving or being restored.")));
    }

    /**
     * Starts to answer queries.
     *
     * @param self this instance's {@code application.server}
     * @param served the observer of the topology
     */
    public void open(KafkaStreams streams, HostInfo self, ServedTasks served) {
        lookup = Optional.of(new OwnerLookup(streams, self, served));
    }

    @Override
    public void close() {
        forwarder.close();
    }

    private void stock(Context context) {
        CouponId couponId = Requests.couponId(context);
        answer(context, couponId, "/v1/coupons/" + couponId + "/stock", view -> StockResponse.of(
                view.state(couponId).orElseThrow(() -> unknownCoupon(couponId)), lookup().self()));
    }

    private void issue(Context context) {
        CouponId couponId = Requests.couponId(context);
        UserId userId = Requests.userId(context);
        answer(context, couponId, "/v1/coupons/" + couponId + "/issues/" + Requests.encoded(userId),
                view -> {
                    List<Holding> held = view.holdings(couponId, userId).held();
                    if (held.isEmpty()) {
                        throw view.state(couponId).isEmpty()
                                ? unknownCoupon(couponId)
                                : new ProblemException(Problem.of(ProblemType.NO_SUCH_ISSUE,
                                        "User " + userId + " does not hold coupon " + couponId + "."));
                    }
                    return IssueResponse.of(couponId, userId, held);
                });
    }

    private void holders(Context context) {
        CouponId couponId = Requests.couponId(context);
        HoldersRequest request = HoldersRequest.of(context, couponId);
        answer(context, couponId, request.target(), view -> {
            if (view.state(couponId).isEmpty()) {
                throw unknownCoupon(couponId);
            }
            return HoldersResponse.of(request, view.page(couponId, request.after(), request.limit()));
        });
    }

    /** @param target the path and query with which the owner can be asked the same question */
    private void answer(Context context, CouponId couponId, String target, Function<CouponStoreView, Object> query) {
        switch (lookup().ownerOf(couponId)) {
            case Owner.Local owner -> Requests.answer(context, 200, owner.ask(query));
            case Owner.Remote(var host) -> forwarder.forward(context, target, host, lookup().self());
            case Owner.Unknown(var reason) -> throw new ProblemException(Problem.unavailable(reason));
        }
    }

    private OwnerLookup lookup() {
        return lookup.orElseThrow(() -> new ProblemException(Problem.unavailable("This instance is starting.")));
    }

    private static ProblemException unknownCoupon(CouponId couponId) {
        return new ProblemException(Problem.of(ProblemType.UNKNOWN_COUPON,
                "Coupon " + couponId + " has not been defined."));
    }
}
