package io.firstcome.ingress.http;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

import io.javalin.http.Context;

/** What a request carries as {@code Authorization: Bearer …}. */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /** The token; empty when there is none, and when there are two: a proxy may have checked the one that we do not. */
    public static Optional<String> in(Context context) {
        List<String> sent = Collections.list(context.req().getHeaders("Authorization"));
        return sent.size() == 1 ? in(sent.getFirst()) : Optional.empty();
    }

    private static Optional<String> in(String header) {
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(header.substring(SCHEME.length()))
                : Optional.empty();
    }
}
