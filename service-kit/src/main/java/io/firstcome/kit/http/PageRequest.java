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

import io.firstcome.contract.ContractViolation;
import io.javalin.http.Context;

/**
 * Which part of a list is asked for: {@code limit} (1 to 100, else 20), {@code cursor}, and whatever else the list knows.
 * A cursor names the item that the page before ended with, so that nothing is lost or told twice while items come in.
 *
 * @param limit how many items at most
 * @param parameters every query parameter as it was sent, by name
 */
public record PageRequest(int limit, Map<String, String> parameters) {

    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";
    private static final int USUAL_LIMIT = 20;
    private static final int HIGHEST_LIMIT = 100;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    /**
     * Reads a request's query.
     *
     * @param filters the names of further parameters that the list knows
     * @throws ContractViolation naming the parameter that is unknown, given twice or not allowed
     */
    public static PageRequest of(Context context, String... filters) {
        var parameters = new TreeMap<String, String>();
        context.queryParamMap().forEach((name, values) -> parameters.put(name, only(name, values, filters)));
        return new PageRequest(limit(parameters.get(LIMIT)), parameters);
    }

    private static String only(String name, List<String> values, String... filters) {
        if (!LIMIT.equals(name) && !CURSOR.equals(name) && !Arrays.asList(filters).contains(name)) {
            throw new ContractViolation(name, "is no query parameter of this list");
        }
        if (values.size() != 1) {
            throw new ContractViolation(name, "must be given once");
        }
        if (CURSOR.equals(name) && !TOKEN.matcher(values.getFirst()).matches()) {
            throw notOurs();
        }
        return values.getFirst();
    }

    private static int limit(String text) {
        if (text == null) {
            return USUAL_LIMIT;
        }
        // Longer ones would not fit a number.
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw new ContractViolation(LIMIT, "must be a whole number from 1 to " + HIGHEST_LIMIT);
        }
        return limit;
    }

    /** Another parameter; empty when it was not sent. */
    public Optional<String> filter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /**
     * The place behind which the page begins; empty for the first page.
     *
     * @param place reads what {@link Page#of} was given, and throws {@link IllegalArgumentException} at anything else
     * @throws ContractViolation when the list never gave out such a cursor
     */
    public <T> Optional<T> after(Function<String, T> place) {
        return filter(CURSOR).map(token -> {
            try {
                return place.apply(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw notOurs();
            }
        });
    }

    private static ContractViolation notOurs() {
        return new ContractViolation(CURSOR, "must be the nextCursor of an earlier page of this list");
    }

    /** How many items to read: the one beyond the page tells that there are more. */
    public int toRead() {
        return limit + 1;
    }

    /** The query as it may follow a path, with its question mark; empty without parameters. */
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
