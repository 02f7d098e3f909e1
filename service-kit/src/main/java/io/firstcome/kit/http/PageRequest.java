package io.firstcome.kit.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.firstcome.contract.json.ContractViolation;
import io.javalin.http.Context;

/**
 * The query of a paged list: {@code limit} (1 to 100, default 20), {@code cursor}, and the filters of the list. A
 * cursor names the last item of the previous page, so that new items neither shift nor repeat others.
 *
 * @param limit the maximum number of items
 * @param parameters every query parameter as it was sent, by name
 */
public record PageRequest(int limit, Map<String, String> parameters) {

    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    /**
     * Parses a request's query.
     *
     * @param filters the names of further parameters that the list supports
     * @throws ContractViolation naming the parameter that is unknown, repeated or not valid
     */
    public static PageRequest of(Context context, String... filters) {
        var parameters = new TreeMap<String, String>();
        context.queryParamMap().forEach((name, values) -> parameters.put(name, single(name, values, filters)));
        return new PageRequest(limit(parameters.get(LIMIT)), parameters);
    }

    private static String single(String name, List<String> values, String... filters) {
        if (!LIMIT.equals(name) && !CURSOR.equals(name) && !Arrays.asList(filters).contains(name)) {
            throw new ContractViolation(name, "is not a query parameter of this list");
        }
        if (values.size() != 1) {
            throw new ContractViolation(name, "must be given once");
        }
        if (CURSOR.equals(name) && !TOKEN.matcher(values.getFirst()).matches()) {
            throw invalidCursor();
        }
        return values.getFirst();
    }

    private static int limit(String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        // More digits would not fit an int.
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ContractViolation(LIMIT, "must be a whole number from 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    /** A parameter's value; empty when it was not sent. */
    public Optional<String> filter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /**
     * The position after which the page begins; empty for the first page.
     *
     * @param parse parses what {@link Page#of} was given, and throws {@link IllegalArgumentException} for anything else
     * @throws ContractViolation when the cursor is not one of this list
     */
    public <T> Optional<T> after(Function<String, T> parse) {
        return filter(CURSOR).map(token -> {
            try {
                return parse.apply(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw invalidCursor();
            }
        });
    }

    private static ContractViolation invalidCursor() {
        return new ContractViolation(CURSOR, "must be the nextCursor of an earlier page of this list");
    }

    /** How many items to read: one more than the page holds, which tells whether there is a next page. */
    public int toRead() {
        return limit + 1;
    }

    /** The encoded query with its question mark; empty without parameters. */
    public String query() {
        return query(parameters);
    }

    String queryFrom(String cursor) {
        var next = new TreeMap<>(parameters);
        next.put(CURSOR, cursor);
        return query(next);
    }

    private static String query(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet().stream().map(it -> it.getKey() + "=" + encoded(it.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
