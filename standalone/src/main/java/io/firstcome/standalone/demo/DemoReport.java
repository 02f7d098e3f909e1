package io.firstcome.standalone.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.StoredRows;

/** A sale in figures: what the clients saw beside what the log and MySQL hold. */
final class DemoReport {

    private final SaleResult sale;
    private final Evidence evidence;
    private final Duration stored;

    /** @param stored from the last answer until MySQL held every row */
    DemoReport(SaleResult sale, Evidence evidence, Duration stored) {
        this.sale = sale;
        this.evidence = evidence;
        this.stored = stored;
    }

    String text() {
        return answers() + "\n" + log() + "\n" + mysql();
    }

    private String answers() {
        StringBuilder text = new StringBuilder("\nwhat people were told\n");
        counts(sale.stories(), story -> label(story.verdict()))
                .forEach((label, count) -> text.append("  %-28s %,9d%n".formatted(label, count)));
        text.append("  %-28s %9s   (%,.0f answers/s)%n".formatted("all answered within", seconds(sale.took()),
                sale.plan().users() / (sale.took().toMillis() / 1000.0)));
        text.append("  %-28s %9s   p95 %s   p99 %s   slowest %s%n".formatted("time to the verdict, p50", latency(0.50),
                latency(0.95), latency(0.99), latency(1.0)));
        return text.toString();
    }

    private String log() {
        List<CouponOutcome> decisions = evidence.log().decisions();
        Map<RejectionReason, Long> rejected = counts(claims(decisions, IssueRejected.class), IssueRejected::reason);
        List<CouponIssued> issued = claims(decisions, CouponIssued.class);
        long inLog = issued.size() + rejected.values().stream().mapToLong(Long::longValue).sum();
        Set<RequestId> decided = decisions.stream().map(CouponOutcome::requestId).collect(Collectors.toSet());
        long atTheGate = sale.stories().stream().filter(story -> !decided.contains(story.requestId())).count();
        StringBuilder text = new StringBuilder("what the log holds\n");
        text.append(
                "  %-28s %,9d   (the gate spared it the other %,d)%n".formatted("claims decided", inLog, atTheGate));
        text.append("  %-28s %,9d   %s%n".formatted("issued", issued.size(), numbers(issued)));
        rejected.forEach((reason, count) -> text.append("  %-28s %,9d%n".formatted("rejected " + reason, count)));
        return text.toString();
    }

    private String mysql() {
        StoredRows rows = evidence.stored().orElseThrow();
        return "what MySQL holds\n"
                + "  %-28s %,9d   all there %s after the last answer%n".formatted("rows of issued_coupons",
                        rows.issues().size(), millis(stored));
    }

    private static String numbers(List<CouponIssued> issued) {
        List<Long> numbers = issued.stream().map(CouponIssued::sequence).distinct().sorted().toList();
        if (numbers.isEmpty()) {
            return "no numbers";
        }
        boolean whole = numbers.getFirst() == 1 && numbers.getLast() == numbers.size();
        return "numbers %d..%d %s a gap".formatted(numbers.getFirst(), numbers.getLast(), whole ? "without" : "WITH");
    }

    private static String label(Reply verdict) {
        return switch (verdict) {
            case Reply.Issued _ -> "issued";
            case Reply.Rejected(var reason, var _) -> "rejected " + reason;
            case Reply.Accepted _ -> "still waiting";
            case Reply.InFlight _ -> "still waiting";
            case Reply.Uncertain(var what) -> "never told (" + what + ")";
        };
    }

    private static <T, K> Map<K, Long> counts(List<T> list, Function<T, K> by) {
        return list.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    private static <T extends CouponOutcome> List<T> claims(List<CouponOutcome> decisions, Class<T> type) {
        return decisions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private String latency(double share) {
        return sale.latency(share).map(DemoReport::millis).orElse("-");
    }

    private static String millis(Duration duration) {
        return "%,d ms".formatted(duration.toMillis());
    }

    private static String seconds(Duration duration) {
        return "%.2f s".formatted(duration.toMillis() / 1000.0);
    }
}
