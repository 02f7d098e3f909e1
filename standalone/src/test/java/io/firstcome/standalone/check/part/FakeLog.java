package io.firstcome.standalone.check.part;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.firstcome.contract.id.CouponId;
import io.firstcome.standalone.check.log.CommittedLog;
import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.log.History;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.LoggedOutcome;

/** A log of one partition whose outcomes become visible step by step. */
final class FakeLog implements CommittedLog {

    private static final Cut WHOLE = new Cut(Map.of(0, 0L));

    final List<CommandRecord> commands = new ArrayList<>();
    final List<LoggedOutcome> outcomes = new ArrayList<>();
    /** What further calls of {@link #readOn} add, one entry for each call. */
    final Deque<List<LoggedOutcome>> later = new ArrayDeque<>();
    /** What calls of {@link #decided} return; the last one for good. */
    final Deque<Long> decided = new ArrayDeque<>(List.of(0L));
    int readings;
    private final Set<CouponId> coupons;

    FakeLog(CouponId coupon) {
        this.coupons = Set.of(coupon);
    }

    @Override
    public void readOn() {
        readings++;
        if (!later.isEmpty()) {
            outcomes.addAll(later.remove());
        }
    }

    @Override
    public History history() {
        return new History(List.copyOf(commands), List.copyOf(outcomes), coupons, WHOLE, WHOLE);
    }

    @Override
    public Cut outcomeEnd() {
        return new Cut(Map.of(0, (long) outcomes.size()));
    }

    @Override
    public Cut decided() {
        return new Cut(Map.of(0, decided.size() > 1 ? decided.remove() : decided.getFirst()));
    }
}
