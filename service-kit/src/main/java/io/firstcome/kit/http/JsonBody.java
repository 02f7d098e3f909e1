package io.firstcome.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import org.eclipse.jetty.http.HttpException;

import io.firstcome.contract.ContractViolation;
import jakarta.servlet.http.HttpServletRequest;

/** The body of a request that must have one: small, in time, and JSON by its own account. */
final class JsonBody {

    private static final Pattern JSON = Pattern
            .compile("\\s*application/json\\s*(?:;\\s*charset\\s*=\\s*(?:utf-8|\"utf-8\")\\s*)?",
                    Pattern.CASE_INSENSITIVE);

    private JsonBody() {}

    /** @throws ProblemException when it is of another type, too large or too slow */
    static byte[] of(HttpServletRequest request) {
        requireJson(Collections.list(request.getHeaders("Content-Type")));
        try {
            return BodyReadTimeout.bound(request, JsonBody::read);
        } catch (IOException | HttpException.RuntimeException e) {
            throw isTimeout(e) ? new ProblemException(Problem.tooSlow()) : incomplete();
        }
    }

    /** A body that does not say what it is is taken for what it must be. */
    private static void requireJson(List<String> types) {
        if (types.size() > 1 || !types.stream().allMatch(type -> JSON.matcher(type).matches())) {
            throw new ProblemException(Problem.of("unsupported-media-type", 415, "The body must be JSON.",
                    "Send it as application/json in UTF-8."));
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        byte[] body = new byte[JettyConfigurer.LARGEST_BODY_BYTES + 1];
        int length = 0;
        int more = in.read(body);
        while (more >= 0) {
            length += more;
            if (length > JettyConfigurer.LARGEST_BODY_BYTES) {
                throw new ProblemException(Problem.tooLarge());
            }
            more = in.read(body, length, body.length - length);
        }
        return Arrays.copyOf(body, length);
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException || failure.getCause() != null && isTimeout(failure.getCause());
    }

    private static ContractViolation incomplete() {
        return new ContractViolation("body", "is not framed as its headers say, or ended too soon");
    }
}
