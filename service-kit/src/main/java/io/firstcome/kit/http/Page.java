package io.firstcome.kit.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.javalin.http.Context;

/**
 * One page of a list.
 *
 * @param items in the list's order
 * @param nextCursor what asks for the page behind it; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> nextCursor) {

    /**
     * Makes a page of what was read.
     *
     * @param read up to {@link PageRequest#toRead()} items
     * @param place an item's place in the list, as {@link PageRequest#after} reads it
     */
    public static <T> Page<T> of(PageRequest request, List<T> read, Function<T, String> place) {
        if (read.size() <= request.limit()) {
            return new Page<>(read, Optional.empty());
        }
        List<T> items = read.subList(0, request.limit());
        byte[] last = place.apply(items.getLast()).getBytes(StandardCharsets.UTF_8);
        return new Page<>(items, Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(last)));
    }

    /** Links to the next page, if there is one, as RFC 8288 wants it. */
    public void link(Context context, PageRequest request) {
        nextCursor.ifPresent(cursor -> context.header("Link",
                "<" + context.path() + request.queryFrom(cursor) + ">; rel=\"next\""));
    }
}
