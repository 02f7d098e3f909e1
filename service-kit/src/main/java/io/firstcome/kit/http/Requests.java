package io.firstcome.kit.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.MDC;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.kit.logging.LogFields;
import io.javalin.http.Context;

/** Reads the parts that requests of all services have in common, and answers requests. */
public final class Requests {

    /** The header by which a caller names a request, so that repeating it is safe. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    /** The response header that carries the request's id, for logs and support. */
    public static final String REQUEST_ID = "Request-Id";

    /** The request attribute that marks a HEAD request, which routes handle as GET. */
    public static final String HEAD_ATTRIBUTE = Requests.class.getName() + ".head";

    private static final TimeBasedEpochGenerator UUID_V7 = Generators.timeBasedEpochGenerator();

    private Requests() {}

    /**
     * The id of this request: the caller's {@code Idempotency-Key}, else a new UUIDv7.
     *
     * @throws ContractViolation when the key is repeated or not valid; the request then has a new id
     */
    public static RequestId id(Context context) {
        RequestId assigned = context.attribute(REQUEST_ID);
        if (assigned != null) {
            return assigned;
        }
        List<String> keys = Collections.list(context.req().getHeaders(IDEMPOTENCY_KEY));
        if (keys.size() == 1) {
            try {
                return assign(context, new RequestId(keys.getFirst()));
            } catch (ContractViolation e) {
                assign(context, newId());
                throw new ContractViolation(IDEMPOTENCY_KEY, e.getMessage().substring(e.field().length() + 1));
            }
        }
        RequestId id = assign(context, newId());
        if (keys.size() > 1) {
            throw new ContractViolation(IDEMPOTENCY_KEY, "must be sent once");
        }
        return id;
    }

    /** A new UUIDv7. */
    public static RequestId newId() {
        return new RequestId(UUID_V7.generate().toString());
    }

    private static RequestId assign(Context context, RequestId id) {
        context.attribute(REQUEST_ID, id);
        context.header(REQUEST_ID, id.value());
        MDC.put(LogFields.REQUEST_ID, id.value());
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
     * A user id as part of a path or of a query, with every character percent-encoded that RFC 3986 does not leave
     * unreserved. {@link #userId} and a query parameter read the id back.
     */
    public static String encoded(UserId userId) {
        return URLEncoder.encode(userId.value(), StandardCharsets.US_ASCII).replace("%7E", "~");
    }

    /**
     * Parses the body as strict JSON.
     *
     * @throws ContractViolation naming the field that is not valid
     * @throws ProblemException 415, 413 or 408 when the body has another type, is too large or too slow
     */
    public static <T> T body(Context context, Class<T> type) {
        return Json.read(JsonBody.of(context.req()), type);
    }

    /** Whether this is a HEAD request, whose body Jetty discards. */
    public static boolean wantsHeadersOnly(Context context) {
        return context.attribute(HEAD_ATTRIBUTE) != null;
    }

    /** Answers with JSON. */
    public static void answer(Context context, int status, Object body) {
        context.status(status).contentType("application/json").result(Json.write(body));
    }

    /**
     * Closes the connection of an answer that cannot be completed because the client does not read. Otherwise the
     * server would wait for the client, during its stop too.
     */
    public static void abort(Context context) {
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
