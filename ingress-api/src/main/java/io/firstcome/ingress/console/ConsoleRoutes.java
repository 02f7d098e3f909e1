package io.firstcome.ingress.console;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.status.SystemStatus;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.ReadModel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The console on the operators' port. The routes below {@code /v1/console} serve the page alone and may change with it.
 * They need the admin token, as every route below {@code /v1} of this port does.
 */
public final class ConsoleRoutes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleRoutes.class);
    /** Each stream has a thread and reads the coupons twice per second. */
    private static final int MAX_STREAMS = 16;

    private final ConsolePage page = new ConsolePage();
    private final HolderSearch holders;
    private final RushCheck check;
    private final ReadModel readModel;
    private final Supplier<SystemStatus> status;
    private final boolean callersAreUsers;
    private final Supplier<String> callersPort;
    private final MeterRegistry meters;
    private final Set<Thread> streams = new HashSet<>();
    private Rush rush;
    private boolean closed;

    /**
     * @param status the status of the system
     * @param callersAreUsers whether callers are users with tokens, of which a rush has none
     * @param callersPort the base URL of the callers' port of this ingress, once the port is open
     */
    public ConsoleRoutes(ReadModel readModel, AuthorityHolders authority, Supplier<SystemStatus> status,
            boolean callersAreUsers, Supplier<String> callersPort, MeterRegistry meters) {
        this.readModel = readModel;
        this.holders = new HolderSearch(readModel.coupons(), readModel.requests(), authority);
        this.check = new RushCheck(readModel.registry(), authority);
        this.status = status;
        this.callersAreUsers = callersAreUsers;
        this.callersPort = callersPort;
        this.meters = meters;
    }

    /** What the page must know once. */
    private record Settings(boolean rushOffered, int maxRushUsers) {}

    private record RushRequest(CouponId couponId, Integer users) {}

    /** @param rush the latest rush; null, and absent from the JSON, while there was none */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record LatestRush(RushReport rush) {}

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        page.addTo(routes);
        routes.get("/v1/console/stream", this::stream);
        routes.get("/v1/console/coupons/{couponId}/holders", holders::search);
        routes.post("/v1/console/rush", this::startRush);
        routes.get("/v1/console/rush", context -> Requests.answer(context, 200, latestRush()));
        routes.delete("/v1/console/rush", context -> {
            stopRush();
            Requests.answer(context, 200, latestRush());
        });
    }

    private void stream(Context context) throws IOException {
        Optional<CouponId> selected = Optional.ofNullable(context.queryParam("couponId")).map(CouponId::new);
        if (Requests.wantsHeadersOnly(context)) {
            beginStream(context.res());
            return;
        }
        if (!addStream()) {
            throw new ProblemException(Problem.of(ProblemType.OVERLOADED,
                    "Too many consoles are open on this instance. Close one and try again."));
        }
        try {
            beginStream(context.res());
            var sources = new ConsoleStream.Sources(readModel.registry(), readModel::areCouponsCurrent,
                    readModel.events(),
                    status, () -> Optional.ofNullable(latestRush().rush()),
                    new Settings(!callersAreUsers, Rush.MAX_USERS), meters);
            new ConsoleStream(sources, selected, context.res().getOutputStream()).send();
        } catch (IOException e) {
            LOG.debug("request {}: the console disconnected", Requests.id(context), e);
            Requests.abort(context);
        } catch (InterruptedException e) {
            LOG.debug("request {}: the service is stopping", Requests.id(context));
        } finally {
            removeStream();
        }
    }

    private static void beginStream(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        // Keeps nginx from buffering the stream.
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
    }

    private synchronized boolean addStream() {
        return !closed && streams.size() < MAX_STREAMS && streams.add(Thread.currentThread());
    }

    private synchronized void removeStream() {
        streams.remove(Thread.currentThread());
        // An interrupt by close() must not affect what the thread does next.
        Thread.interrupted();
    }

    private void startRush(Context context) throws InterruptedException {
        RushRequest request = Requests.body(context, RushRequest.class);
        if (request.couponId() == null) {
            throw new ContractViolation("couponId", "is missing");
        }
        if (request.users() == null || request.users() < 1 || request.users() > Rush.MAX_USERS) {
            throw new ContractViolation("users", "must be a whole number from 1 to " + Rush.MAX_USERS);
        }
        if (callersAreUsers) {
            throw new ProblemException(Problem.of(ProblemType.FORBIDDEN,
                    "Callers are users with tokens (FIRSTCOME_AUTH=JWT), and a rush has no tokens."));
        }
        CouponState state = Problems.requireCoupon(readModel.coupons(), request.couponId());
        requireHolders(state);
        start(new Rush(state, request.users(), callersPort.get(), check));
        Requests.answer(context, 202, latestRush());
    }

    /** Refuses a rush whose result could not be compared with the authority's holders. */
    static void requireHolders(CouponState state) {
        if (state.status() == CouponStatus.ARCHIVED) {
            throw new ProblemException(Problem.of(ProblemType.COUPON_CLOSED,
                    "The coupon is archived: the authority has forgotten its holders, so a rush cannot be checked.")
                    .with("couponId", state.couponId()));
        }
    }

    private synchronized void start(Rush next) {
        if (closed || rush != null && !rush.isDone()) {
            throw new ProblemException(Problem.of(ProblemType.OVERLOADED,
                    "A rush is running on this instance. Wait for its end, or stop it."));
        }
        rush = next;
        next.start();
    }

    private synchronized void stopRush() {
        if (rush != null) {
            rush.stop();
        }
    }

    private LatestRush latestRush() {
        Rush latest;
        synchronized (this) {
            latest = rush;
        }
        return new LatestRush(latest == null ? null : latest.report());
    }

    /** Ends all streams and the rush. */
    @Override
    public synchronized void close() {
        closed = true;
        streams.forEach(Thread::interrupt);
        if (rush != null) {
            rush.abandon();
        }
    }
}
