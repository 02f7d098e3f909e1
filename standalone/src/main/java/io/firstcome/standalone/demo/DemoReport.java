package io.firstcome.standalone.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.json.Json;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.Reply;
import io.firstcome.testkit.evidence.StoredRows;

/** The figures of a sale: the answers to callers, the outcomes in the log and the rows in MySQL. */
final class DemoReport {

    private final SaleResult sale;
    private final Evidence evidence;
    private final Duration stored;

    /** @param stored the time from the last answer until MySQL contained every row */
    DemoReport(SaleResult sale, Evidence evidence, Duration stored) {
        this.sale = sale;
        this.evidence = evidence;
        this.stored = stored;
    }

    String text() {
        return answers() + "\n" + log() + "\n" + mysql();
    }

    ObjectNode json() {
        ObjectNode json = Json.mapper().createObjectNode().put("couponId", sale.plan().couponId().value())
                .put("users", sale.plan().users()).put("stock", sale.plan().stock());
        ObjectNode answers = json.putObject("answers");
        counts(sale.claims(), claim -> label(claim.lastReply())).forEach(answers::put);
        json.put("allAnsweredMillis", sale.duration().toMillis());
        ObjectNode latency = json.putObject("decisionMillis");
        Map.of("p50", 0.50, "p95", 0.95, "p99", 0.99, "max", 1.0)
                .forEach((name, quantile) -> sale.latency(quantile)
                        .ifPresent(time -> latency.put(name, time.toMillis())));
        return json.put("issued", claims(evidence.log().decisions(), CouponIssued.class).size())
                .put("rows", evidence.stored().orElseThrow().issues().size())
                .put("allStoredMillisAfterLastAnswer", stored.toMillis());
    }

    private String answers() {
        StringBuilder text = new StringBuilder("\nanswers to callers\n");
        counts(sale.claims(), claim -> label(claim.lastReply()))
                .forEach((label, count) -> text.append("  %-28s %,9d%n".formatted(label, count)));
        text.append("  %-28s %9s   (%,.0f answers/s)%n".formatted("all answered within", seconds(sale.duration()),
                sale.plan().users() / (sale.duration().toMillis() / 1000.0)));
        text.append("  %-28s %9s   p95 %s   p99 %s   max %s%n".formatted("time to decision, p50", latency(0.50),
                latency(0.95), latency(0.99), latency(1.0)));
        return text.toString();
    }

    private String log() {
        List<CouponOutcome> decisions = evidence.log().decisions();
        Map<RejectionReason, Long> rejected = counts(claims(decisions, IssueRejected.class), IssueRejected::reason);
        List<CouponIssued> issued = claims(decisions, CouponIssued.class);
        long inLog = issued.size() + rejected.values().stream().mapToLong(Long::longValue).sum();
        Set<RequestId> decided = decisions.stream().map(CouponOutcome::requestId).collect(Collectors.toSet());
        long beforeTheLog = sale.claims().stream().filter(claim -> !decided.contains(claim.requestId())).count();
        StringBuilder text = new StringBuilder("the log\n");
        text.append("  %-28s %,9d   (%,d rejected before the log)%n".formatted("claims decided", inLog, beforeTheLog));
        text.append("  %-28s %,9d   %s%n".formatted("issued", issued.size(), sequences(issued)));
        rejected.forEach((reason, count) -> text.append("  %-28s %,9d%n".formatted("rejected " + reason, count)));
        return text.toString();
    }

    private String mysql() {
        StoredRows rows = evidence.stored().orElseThrow();
        return "MySQL\n"
                + "  %-28s %,9d   complete %s after the last answer%n".formatted("rows of issued_coupons",
                        rows.issues().size(), millis(stored));
    }

    private static String sequences(List<CouponIssued> issued) {
        List<Long> sequences = issued.stream().map(CouponIssued::sequence).distinct().sorted().toList();
        if (sequences.isEmpty()) {
            return "no sequences";
        }
        boolean complete = sequences.getFirst() == 1 && sequences.getLast() == sequences.size();
        return "sequences %d..%d %s".formatted(sequences.getFirst(), sequences.getLast(),
                complete ? "without gaps" : "WITH GAPS");
    }

    private static String label(Reply reply) {
        return switch (reply) {
            case Reply.Issued _ -> "issued";
            case Reply.Rejected(var reason, var _) -> "rejected " + reason;
            case Reply.Accepted _,Reply.InFlight _ -> "undecided";
            case Reply.Uncertain(var what) -> "unknown (" + what + ")";
        };
    }

    private static <T, K> Map<K, Long> counts(List<T> list, Function<T, K> by) {
        return list.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    private static <T extends CouponOutcome> List<T> claims(List<CouponOutcome> decisions, Class<T> type) {
        return decisions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private String latency(double quantile) {
        return sale.latency(quantile).map(DemoReport::millis).orElse("-");
    }

    private static String millis(Duration duration) {
        return "%,d ms".formatted(duration.toMillis());
    }

    private static String seconds(Duration duration) {
        return "%.2f s".formatted(duration.toMillis() / 1000.0);
    }
}
