package io.firstcome.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import org.eclipse.jetty.http.HttpException;

import io.firstcome.contract.json.ContractViolation;
import jakarta.servlet.http.HttpServletRequest;

/** Reads the body of a request that must have one: limited in size and time, and declared as JSON. */
final class JsonBody {

    private static final Pattern JSON = Pattern
            .compile("\\s*application/json\\s*(?:;\\s*charset\\s*=\\s*(?:utf-8|\"utf-8\")\\s*)?",
                    Pattern.CASE_INSENSITIVE);

    private JsonBody() {}

    /** @throws ProblemException 415, 413 or 408 when the body has another type, is too large or too slow */
    static byte[] of(HttpServletRequest request) {
        requireJson(Collections.list(request.getHeaders("Content-Type")));
        try {
            return BodyReadTimeout.read(request, in -> read(in, request.getContentLength()));
        } catch (IOException | HttpException.RuntimeException e) {
            throw isTimeout(e) ? new ProblemException(Problem.of(ProblemType.TOO_SLOW)) : incomplete();
        }
    }

    /** A request without Content-Type counts as JSON. */
    private static void requireJson(List<String> types) {
        if (types.size() > 1 || !types.stream().allMatch(type -> JSON.matcher(type).matches())) {
            throw new ProblemException(Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE));
        }
    }

    /** @param declared the length that the request declares; negative when it declares none */
    private static byte[] read(InputStream in, int declared) throws IOException {
        boolean fits = declared >= 0 && declared <= HttpLimits.MAX_BODY_BYTES;
        byte[] body = new byte[(fits ? declared : HttpLimits.MAX_BODY_BYTES) + 1];
        int length = 0;
        int count = in.read(body);
        while (count >= 0) {
            length += count;
            if (length > HttpLimits.MAX_BODY_BYTES) {
                throw new ProblemException(Problem.of(ProblemType.TOO_LARGE));
            }
            count = in.read(body, length, body.length - length);
        }
        return Arrays.copyOf(body, length);
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException || failure.getCause() != null && isTimeout(failure.getCause());
    }

    private static ContractViolation incomplete() {
        return new ContractViolation("body", "does not match its framing headers or ended early");
    }
}
