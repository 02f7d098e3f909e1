package io.firstcome.ingress.claims;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.gate.admission.LocalRejections;
import io.firstcome.ingress.http.PreferWait;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.kit.early.EarlyAnswer;
import io.firstcome.kit.early.EarlyAnswers;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.readmodel.ReadModel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Answers {@code sold-out} to claims that {@link SoldOutCache} may reject, without a thread and without Javalin. The
 * answer equals the one that {@link ClaimRoutes} gives. Only plain requests of trusted back ends are answered here; the
 * route answers all that is unusual or not certain.
 */
public final class SoldOutAnswers implements EarlyAnswers {

    private static final String PREFIX = "/v1/coupons/";
    private static final String SUFFIX = "/issues";
    private static final byte[] USER_ID = "\"userId\"".getBytes(US_ASCII);
    private static final HttpField MEDIA_TYPE = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    private static final HttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    /** The problem up to the value of its first member that differs from answer to answer. */
    private static final byte[] HEAD = head();
    private static final byte[] COUPON = "\",\"couponId\":\"".getBytes(US_ASCII);
    private static final byte[] USER = "\",\"userId\":\"".getBytes(US_ASCII);
    private static final byte[] END = "\"}".getBytes(US_ASCII);

    private final ReadModel readModel;
    private final SoldOutCache soldOutCache;
    private final ClaimProtection protection;
    private final BooleanSupplier stopping;
    private final InstantSource clock;
    private final Supplier<Duration> skew;
    private final Counter answers;

    /** @param stopping while true, no request is answered here, because the answers must close their connections */
    SoldOutAnswers(ReadModel readModel, SoldOutCache soldOutCache, ClaimProtection protection, BooleanSupplier stopping,
            InstantSource clock, Supplier<Duration> skew, MeterRegistry meters) {
        this.readModel = readModel;
        this.soldOutCache = soldOutCache;
        this.protection = protection;
        this.stopping = stopping;
        this.clock = clock;
        this.skew = skew;
        this.answers = Meters.CLAIMS.register(meters, RejectionReason.SOLD_OUT.name());
    }

    private static byte[] head() {
        String problem = new String(Json.write(Problem.of(ProblemType.of(RejectionReason.SOLD_OUT))), UTF_8);
        return (problem.substring(0, problem.length() - 1) + ",\"requestId\":\"").getBytes(UTF_8);
    }

    @Override
    public boolean mayAnswer(Request request) {
        return "POST".equals(request.getMethod()) && soldOutCoupon(request).isPresent() && isAble()
                && hasPlainHead(request);
    }

    private boolean isAble() {
        return !stopping.getAsBoolean() && protection.allowsEarlyAnswer();
    }

    /** The state of the coupon that the path names, if the only reason to reject a claim is that it is sold out. */
    private Optional<CouponState> soldOutCoupon(Request request) {
        String path = request.getHttpURI().getPathQuery();
        if (path == null || !path.startsWith(PREFIX) || !path.endsWith(SUFFIX)
                || path.length() <= PREFIX.length() + SUFFIX.length()) {
            return Optional.empty();
        }
        try {
            var couponId = new CouponId(path.substring(PREFIX.length(), path.length() - SUFFIX.length()));
            return readModel.registry().find(couponId).filter(state -> LocalRejections
                    .of(state, clock.instant(), skew.get()).filter(it -> it.reason() == RejectionReason.SOLD_OUT)
                    .isPresent() && readModel.claimCatchUp().isCurrent(couponId));
        } catch (ContractViolation e) {
            // The route answers which part is not valid.
            return Optional.empty();
        }
    }

    /** Whether no header needs a decision of the route: one Content-Type, at most one key, nothing about transfer. */
    private static boolean hasPlainHead(Request request) {
        int types = 0;
        int keys = 0;
        for (HttpField field : request.getHeaders()) {
            HttpHeader header = field.getHeader();
            if (header == HttpHeader.CONTENT_TYPE) {
                if (++types > 1 || !"application/json".equalsIgnoreCase(field.getValue())) {
                    return false;
                }
            } else if (header == HttpHeader.EXPECT || header == HttpHeader.TRANSFER_ENCODING) {
                return false;
            } else if (header == null && Requests.IDEMPOTENCY_KEY.equalsIgnoreCase(field.getName()) && ++keys > 1) {
                return false;
            }
        }
        return true;
    }

    @Override
    public EarlyAnswer answer(Request request, ByteBuffer body) {
        CouponState state = soldOutCoupon(request).orElse(null);
        String user = userOf(body);
        // The content may have come long after the head.
        if (state == null || user == null || !isAble()) {
            return null;
        }
        try {
            var userId = new UserId(user);
            String key = request.getHeaders().get(Requests.IDEMPOTENCY_KEY);
            RequestId requestId = key == null ? Requests.newId() : new RequestId(key);
            boolean isNew = key == null || readModel.requests().lastUseOf(requestId, userId).isEmpty();
            if (!isNew || !soldOutCache.mayReject(state, userId, key != null)) {
                return null;
            }
            List<HttpField> headers = new ArrayList<>(8);
            if (!protection.limitUser(userId, (name, value) -> headers.add(new HttpField(name, value)))) {
                return null;
            }
            headers.add(NO_SNIFF);
            headers.add(NO_STORE);
            headers.add(MEDIA_TYPE);
            headers.add(new HttpField(Requests.REQUEST_ID, requestId.value()));
            String prefer = request.getHeaders().get("Prefer");
            if (prefer != null) {
                PreferWait.applied(prefer).ifPresent(it -> headers.add(new HttpField("Preference-Applied", it)));
            }
            answers.increment();
            return new EarlyAnswer(409, "/v1/coupons/{couponId}/issues", headers,
                    problem(requestId, state.couponId(), userId));
        } catch (ContractViolation e) {
            // The route answers which part is not valid.
            return null;
        }
    }

    private static byte[] problem(RequestId requestId, CouponId couponId, UserId userId) {
        var problem = new ByteArrayOutputStream(HEAD.length + 256);
        problem.writeBytes(HEAD);
        problem.writeBytes(requestId.value().getBytes(US_ASCII));
        problem.writeBytes(COUPON);
        problem.writeBytes(couponId.value().getBytes(US_ASCII));
        problem.writeBytes(USER);
        problem.writeBytes(userId.value().getBytes(US_ASCII));
        problem.writeBytes(END);
        return problem.toByteArray();
    }

    /** The user that {@code {"userId":"…"}} names; null for a body of any other form. */
    static String userOf(ByteBuffer body) {
        if (!accepts(body, (byte) '{')) {
            return null;
        }
        skipSpace(body);
        for (byte expected : USER_ID) {
            if (!body.hasRemaining() || body.get() != expected) {
                return null;
            }
        }
        if (!accepts(body, (byte) ':') || !accepts(body, (byte) '"')) {
            return null;
        }
        byte[] id = new byte[body.remaining()];
        int length = 0;
        for (byte next = '"'; body.hasRemaining() && (next = body.get()) != '"'; length++) {
            if (next <= ' ' || next == '\\' || next == 0x7f) {
                return null;
            }
            id[length] = next;
        }
        boolean ends = body.position() > 0 && body.get(body.position() - 1) == '"' && accepts(body, (byte) '}');
        skipSpace(body);
        return ends && !body.hasRemaining() ? new String(id, 0, length, US_ASCII) : null;
    }

    private static boolean accepts(ByteBuffer body, byte expected) {
        skipSpace(body);
        return body.hasRemaining() && body.get() == expected;
    }

    /** The white space of JSON. */
    private static void skipSpace(ByteBuffer body) {
        while (body.hasRemaining() && " \t\r\n".indexOf(body.get(body.position())) >= 0) {
            body.get();
        }
    }
}
