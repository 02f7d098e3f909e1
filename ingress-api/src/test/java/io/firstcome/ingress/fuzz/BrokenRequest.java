package io.firstcome.ingress.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Set;

/**
 * A request that must be refused.
 *
 * @param how what was done to it
 * @param statuses one of which must be the answer
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
