package io.firstcome.ingress.limits;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.javalin.http.Context;

/**
 * The header in which proxies name the client. Only one is trusted: a proxy writes one of them and passes the other on
 * as the client sent it.
 */
enum ForwardingHeader {
    /** {@code 192.0.2.1, 10.0.0.1} */
    X_FORWARDED_FOR("X-Forwarded-For", UnaryOperator.identity()),
    /** {@code for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"}, as in RFC 7239. */
    FORWARDED("Forwarded", ForwardingHeader::nodeOf);

    /** Possessive quantifiers: no header can cause catastrophic backtracking. */
    private static final Pattern FOR = Pattern
            .compile("\\s*+for\\s*+=\\s*+\"?+([^\"]*+)\"?+\\s*+", Pattern.CASE_INSENSITIVE);

    private final String field;
    private final UnaryOperator<String> node;

    ForwardingHeader(String field, UnaryOperator<String> node) {
        this.field = field;
        this.node = node;
    }

    String field() {
        return field;
    }

    boolean isIn(Context context) {
        return context.header(field) != null;
    }

    /**
     * The addresses that the proxies wrote, the nearest proxy's last. Each comma ends an element, even within quotes:
     * otherwise a client that opens a quote would hide what the proxy appends.
     */
    List<String> hops(Context context) {
        String all = String.join(",", Collections.list(context.req().getHeaders(field)));
        return Arrays.stream(all.split(",")).map(element -> node.apply(element.strip())).toList();
    }

    /** The value of {@code for}; empty where an element has none. */
    private static String nodeOf(String element) {
        return Arrays.stream(element.split(";")).map(FOR::matcher).filter(Matcher::matches)
                .map(pair -> pair.group(1).strip()).reduce("", (before, last) -> last);
    }
}
