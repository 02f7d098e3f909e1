package io.firstcome.kit.server;

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Answers requests that Jetty rejects before any route sees them with a problem document. The answer repeats nothing of
 * the request, which may be arbitrary bytes.
 */
final class JettyErrorHandler implements Request.Handler {

    private static final Logger LOG = LoggerFactory.getLogger(JettyErrorHandler.class);

    private final MeterRegistry meters;

    JettyErrorHandler(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String id = Requests.newId().value();
        Problem problem = problem(status(request, response));
        response.setStatus(problem.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        headers.put(Requests.REQUEST_ID, id);
        // The end of such a request is unknown, so the connection cannot be reused.
        headers.put(HttpHeader.CONNECTION, "close");
        if (problem.status() == 405) {
            headers.put(HttpHeader.ALLOW, MethodFilter.ALLOWED);
        }
        headers.put("X-Content-Type-Options", "nosniff");
        if (problem.status() == 500) {
            LOG.atError().addKeyValue(LogFields.REQUEST_ID, id)
                    .setCause((Throwable) request.getAttribute(ErrorHandler.ERROR_EXCEPTION))
                    .log("a request failed outside of the routes");
        }
        Meters.HTTP_REQUESTS_REJECTED.register(meters, String.valueOf(problem.status())).increment();
        response.write(true, ByteBuffer.wrap(Json.write(problem.with("requestId", id))), callback);
        return true;
    }

    private static int status(Request request, Response response) {
        return request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException refusal
                ? refusal.getCode()
                : response.getStatus();
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 400 -> Problem.of(ProblemType.MALFORMED_REQUEST);
            case 405 -> Problem.of(ProblemType.METHOD_NOT_ALLOWED, "No path supports this method.");
            case 408 -> Problem.of(ProblemType.TOO_SLOW);
            case 413 -> Problem.of(ProblemType.TOO_LARGE);
            case 414 -> Problem.of(ProblemType.URI_TOO_LONG);
            case 431 -> Problem.of(ProblemType.HEADERS_TOO_LARGE);
            case 426, 505 -> Problem.of(ProblemType.VERSION_NOT_SUPPORTED);
            case 500 -> Problem.of(ProblemType.INTERNAL);
            default -> Problem.refused(status);
        };
    }
}
