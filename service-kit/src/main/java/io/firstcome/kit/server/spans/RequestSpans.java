package io.firstcome.kit.server.spans;

import java.time.Instant;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.slf4j.MDC;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.kit.early.EarlyAnswer;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.tracing.Tracing;
import io.javalin.http.Context;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;

/**
 * The span of each request to the API of a port. While a handler runs, the span is current on its thread, so that the
 * steps of the request find it. Probes and metrics have no spans.
 */
public record RequestSpans(Tracing tracing) {

    private static final String SPAN = RequestSpans.class.getName();

    /** A span and its end on the thread. */
    private record Begun(Span span, Scope scope) {}

    /** Begins the span of a request, before any route. */
    public void begin(Context context) {
        if (tracing.isOn() && context.path().startsWith("/v1/")) {
            Span span = tracing.beginRequest(context.method().name(), context::header, Instant.now());
            context.attribute(SPAN, new Begun(span, span.makeCurrent()));
            MDC.put(LogFields.TRACE_ID, span.getSpanContext().getTraceId());
        }
    }

    /** Makes the span no longer current on this thread. The request goes on, and {@link #end} will end the span. */
    public static void leaveThread(Context context) {
        Begun begun = context.attribute(SPAN);
        if (begun != null) {
            begun.scope().close();
            context.attribute(SPAN, new Begun(begun.span(), Scope.noop()));
        }
    }

    /** Ends the span, after the answer is known. */
    public void end(Context context, String route) {
        Begun begun = tracing.isOn() ? context.attribute(SPAN) : null;
        if (begun == null) {
            return;
        }
        begun.scope().close();
        if (begun.span().isRecording()) {
            RequestId requestId = context.attribute(Requests.REQUEST_ID);
            describe(begun.span(), context.method().name(), route, context.path(), context.statusCode(),
                    requestId == null ? null : requestId.value());
        }
        begun.span().end();
    }

    /** The span of a request that was answered before the routes, made after the answer is known. */
    public void answeredEarly(Request request, EarlyAnswer answer, long nanos) {
        if (!tracing.isOn()) {
            return;
        }
        Span span = tracing.beginRequest(request.getMethod(), request.getHeaders()::get,
                Instant.now().minusNanos(nanos));
        if (span.isRecording()) {
            String requestId = answer.headers().stream().filter(header -> header.getName().equals(Requests.REQUEST_ID))
                    .map(HttpField::getValue).findFirst().orElse(null);
            describe(span, request.getMethod(), answer.route(), Request.getPathInContext(request), answer.status(),
                    requestId);
        }
        span.end();
    }

    /** By the names of OpenTelemetry. The path is left out, because it may name a user. */
    private static void describe(Span span, String method, String route, String path, int status, String requestId) {
        span.updateName(method + " " + route);
        span.setAttribute("http.request.method", method).setAttribute("http.route", route)
                .setAttribute("http.response.status_code", status);
        Tracing.describe(span, requestId, couponId(route, path));
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    private static String couponId(String route, String path) {
        String[] names = route.split("/");
        String[] values = path.split("/");
        for (int i = 0; i < Math.min(names.length, values.length); i++) {
            if (names[i].equals("{couponId}")) {
                try {
                    return new CouponId(values[i]).value();
                } catch (ContractViolation e) {
                    // The request was refused because of it.
                    return null;
                }
            }
        }
        return null;
    }
}
