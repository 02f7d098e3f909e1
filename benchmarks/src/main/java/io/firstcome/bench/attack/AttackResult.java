package io.firstcome.bench.attack;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the bad caller got.
 *
 * @param answers the number of answers by HTTP status
 * @param closed connections that the server closed without an answer that announces it
 * @param refused connections that could not be opened
 * @param open connections that were open at the end
 * @param mibRead what was read, in MiB
 */
public record AttackResult(Map<Integer, Long> answers, long closed, long refused, int open, double mibRead) {

    public AttackResult {
        answers = new TreeMap<>(answers);
    }
}
