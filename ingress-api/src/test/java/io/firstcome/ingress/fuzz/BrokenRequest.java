package io.firstcome.ingress.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Set;

/**
 * A request that the ingress must refuse.
 *
 * @param how the way in which the request is invalid
 * @param statuses the allowed statuses of the answer
 */
record BrokenRequest(String how, Set<Integer> statuses, Draft draft) {

    static BrokenRequest invalid(String how, Draft draft) {
        return new BrokenRequest(how, Set.of(400), draft);
    }

    @Override
    public String toString() {
        String text = new String(draft.bytes(), ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n");
        return how + " must be answered " + statuses + ": " + text;
    }
}
