package io.firstcome.kit.http;

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

import io.firstcome.contract.Json;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Answers what Jetty refuses before any route sees it, in the form of all other problems. Nothing of such a request is
 * repeated in the answer: what could not be read is not fit to be shown.
 */
final class JettyErrorHandler implements Request.Handler {

    private final MeterRegistry meters;

    JettyErrorHandler(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String id = Requests.newId().value();
        Problem problem = of(status(request, response));
        response.setStatus(problem.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        headers.put(Requests.REQUEST_ID, id);
        // Where such a request ends is anybody's guess.
        headers.put(HttpHeader.CONNECTION, "close");
        if (problem.status() == 405) {
            headers.put(HttpHeader.ALLOW, MethodFilter.ALLOWED);
        }
        headers.put(Requests.CONTENT_TYPE_OPTIONS, Requests.NO_SNIFFING);
        meters.counter("http.server.requests.rejected", "status", String.valueOf(problem.status())).increment();
        response.write(true, ByteBuffer.wrap(Json.write(problem.with("requestId", id))), callback);
        return true;
    }

    private static int status(Request request, Response response) {
        return request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException refusal
                ? refusal.getCode()
                : response.getStatus();
    }

    private static Problem of(int status) {
        return switch (status) {
            case 400 -> Problem.of("malformed-request", 400, "This is not a request that HTTP allows.",
                    "Its first line, a header, its path or its framing is malformed or ambiguous.");
            case 405 -> Problem.methodNotAllowed("No path knows that method.");
            case 408 -> Problem.tooSlow();
            case 413 -> Problem.tooLarge();
            case 414 -> Problem.of("uri-too-long", 414, "The address is too long.",
                    "First line and headers are " + JettyConfigurer.LARGEST_HEAD_BYTES + " bytes at most.");
            case 431 -> Problem.of("headers-too-large", 431, "The headers are too large.",
                    "First line and headers are " + JettyConfigurer.LARGEST_HEAD_BYTES + " bytes at most.");
            case 426, 505 -> Problem.of("version-not-supported", 505, "This version of HTTP is not spoken here.",
                    "Send HTTP/1.1.");
            case 500 -> Problem.internal();
            default -> Problem.of("refused", status, "The request was refused.", null);
        };
    }
}
