package io.firstcome.ingress.verdict;

import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import io.firstcome.contract.RequestId;
import io.firstcome.ingress.verdict.Verdict.Decided;
import io.firstcome.ingress.verdict.VerdictBoard.Key;

/** A bounded memory of requests: the longest without news is forgotten first. Guarded by the board's lock. */
final class RecentRequests {

    private final LinkedHashMap<Key, Noted> byNews = new LinkedHashMap<>();
    private final Map<RequestId, Key> lastUses = new HashMap<>();
    private final VerdictSettings settings;
    private final LongSupplier nanoTime;
    private Instant forgottenUntil = Instant.MIN;

    RecentRequests(VerdictSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    Verdict get(Key key) {
        Noted noted = byNews.get(key);
        return noted == null || isOld(noted) ? null : noted.verdict();
    }

    Verdict lastUseOf(RequestId requestId) {
        Key key = lastUses.get(requestId);
        return key == null ? null : get(key);
    }

    /** Of what was decided until then, some has been forgotten to make room. */
    Instant forgottenUntil() {
        return forgottenUntil;
    }

    void put(Key key, Verdict verdict) {
        byNews.putLast(key, new Noted(verdict, nanoTime.getAsLong()));
        lastUses.put(key.requestId(), key);
        forget();
    }

    private void forget() {
        Iterator<Map.Entry<Key, Noted>> oldest = byNews.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Key, Noted> entry = oldest.next();
            if (!isOld(entry.getValue())) {
                if (byNews.size() <= settings.most()) {
                    return;
                }
                makeRoom(entry.getValue().verdict());
            }
            oldest.remove();
            lastUses.remove(entry.getKey().requestId(), entry.getKey());
        }
    }

    private void makeRoom(Verdict lost) {
        if (lost instanceof Decided decided && decided.outcome().decidedAt().isAfter(forgottenUntil)) {
            forgottenUntil = decided.outcome().decidedAt();
        }
    }

    private boolean isOld(Noted noted) {
        return nanoTime.getAsLong() - noted.atNanos() > settings.kept().toNanos();
    }

    private record Noted(Verdict verdict, long atNanos) {}
}
