package io.firstcome.ingress.http;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

import io.javalin.http.Context;

/** The token of the header {@code Authorization: Bearer …}. */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /** The token of a request; empty also with two headers: a proxy may have checked another one than this service. */
    public static Optional<String> of(Context context) {
        List<String> headers = Collections.list(context.req().getHeaders("Authorization"));
        boolean valid = headers.size() == 1 && headers.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        return valid ? Optional.of(headers.getFirst().substring(SCHEME.length())) : Optional.empty();
    }
}
