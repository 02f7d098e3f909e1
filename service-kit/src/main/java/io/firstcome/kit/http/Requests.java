package io.firstcome.kit.http;

import java.util.Collections;
import java.util.List;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.Json;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.javalin.http.Context;

/** Reads what requests carry, and answers them. */
public final class Requests {

    /** The header by which a caller names an attempt, so that repeating it is safe. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    /** The header in which every answer carries the request's id, for logs and for support. */
    public static final String REQUEST_ID = "Request-Id";

    static final String CONTENT_TYPE_OPTIONS = "X-Content-Type-Options";
    /** No browser shall take an answer for something else than it says it is. */
    static final String NO_SNIFFING = "nosniff";

    private static final TimeBasedEpochGenerator UUID_V7 = Generators.timeBasedEpochGenerator();

    private Requests() {}

    /** The id of this request: the caller's {@code Idempotency-Key}, else a new UUIDv7. The same for the whole request. */
    public static RequestId id(Context context) {
        RequestId known = context.attribute(REQUEST_ID);
        return known != null ? known : assign(context);
    }

    private static RequestId assign(Context context) {
        List<String> keys = Collections.list(context.req().getHeaders(IDEMPOTENCY_KEY));
        if (keys.isEmpty()) {
            return remember(context, newId());
        }
        try {
            return remember(context, only(keys));
        } catch (ContractViolation e) {
            remember(context, newId());
            throw new ContractViolation(IDEMPOTENCY_KEY, e.getMessage().substring(e.field().length() + 1));
        }
    }

    private static RequestId only(List<String> keys) {
        if (keys.size() > 1) {
            throw new ContractViolation("requestId", "must be sent once");
        }
        return new RequestId(keys.getFirst());
    }

    static RequestId newId() {
        return new RequestId(UUID_V7.generate().toString());
    }

    private static RequestId remember(Context context, RequestId id) {
        context.attribute(REQUEST_ID, id);
        context.header(REQUEST_ID, id.value());
        return id;
    }

    /** The coupon named in the path as {@code {couponId}}. */
    public static CouponId couponId(Context context) {
        return new CouponId(context.pathParam("couponId"));
    }

    /** The user named in the path as {@code {userId}}. */
    public static UserId userId(Context context) {
        return new UserId(context.pathParam("userId"));
    }

    /**
     * The body as strict JSON.
     *
     * @throws ContractViolation naming the field that is not as it must be
     * @throws ProblemException when it is no JSON by its own account, too large or too slow
     */
    public static <T> T body(Context context, Class<T> type) {
        return Json.read(JsonBody.of(context.req()), type);
    }

    /** Whether the caller asked for the headers of the answer only: what is written after them goes nowhere, unnoticed. */
    public static boolean wantsHeadersOnly(Context context) {
        return context.attribute(MethodFilter.HEAD) != null;
    }

    /** Answers with JSON. */
    public static void answer(Context context, int status, Object body) {
        context.status(status).contentType("application/json").result(Json.write(body));
    }

    /**
     * Ends the connection under an answer that cannot be completed, because the client does not take what was written.
     * Otherwise the server would wait for it, in its stop too.
     */
    public static void breakOff(Context context) {
        ServletContextRequest.getServletContextRequest(context.req()).getConnectionMetaData().getConnection()
                .getEndPoint().close();
    }

    /** Answers with a problem that carries the request's id. */
    public static void answer(Context context, Problem problem) {
        RequestId id = context.attribute(REQUEST_ID);
        Problem identified = id == null || problem.members().containsKey("requestId")
                ? problem
                : problem.with("requestId", id);
        if (problem.status() == 503 && context.res().getHeader("Retry-After") == null) {
            context.header("Retry-After", "1");
        }
        context.status(problem.status()).contentType(Problem.MEDIA_TYPE).result(Json.write(identified));
    }
}
