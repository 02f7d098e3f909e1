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
 * @param nextCursor the cursor of the next page; empty on the last page
 */
public record Page<T>(List<T> items, Optional<String> nextCursor) {

    /**
     * Makes a page.
     *
     * @param read up to {@link PageRequest#toRead()} items
     * @param position an item's position in the list, which {@link PageRequest#after} parses
     */
    public static <T> Page<T> of(PageRequest request, List<T> read, Function<T, String> position) {
        if (read.size() <= request.limit()) {
            return new Page<>(read, Optional.empty());
        }
        List<T> items = read.subList(0, request.limit());
        byte[] last = position.apply(items.getLast()).getBytes(StandardCharsets.UTF_8);
        return new Page<>(items, Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(last)));
    }

    /** Adds the {@code Link} header of RFC 8288 to the next page, if there is one. */
    public void link(Context context, PageRequest request) {
        nextCursor.ifPresent(cursor -> context.header("Link",
                "<" + context.path() + request.queryFrom(cursor) + ">; rel=\"next\""));
    }
}
