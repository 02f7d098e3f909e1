package io.firstcome.standalone.check.part;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.gate.projection.HolderSource.HolderPage;
import io.firstcome.ingress.authority.AuthorityHolders;
import io.firstcome.ingress.authority.AuthorityStock;
import io.firstcome.standalone.check.log.CommittedLog;
import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.log.History;
import io.firstcome.standalone.check.part.AuthorityComparison.Counts;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.standalone.console.Amount;
import io.firstcome.testkit.facts.CommittedCoupon;

/**
 * Compares what the authority knows with the log, coupon by coupon, until all agree or the time is over. The authority
 * may be one transaction ahead of the committed log. So its answers are compared again while outcomes are added to the
 * log, for as long as a transaction can be open.
 */
public final class AuthorityCheck {

    private static final String NAME = "AuthorityMatches";

    private final List<URI> authority;
    private final CommittedLog log;
    private final Duration transactionTimeout;

    /** The counts and the holders of one coupon. */
    private record Reading(Counts counts, List<Holder> holders) {}

    /** @param authority the URLs of the queries of one or more instances */
    public AuthorityCheck(List<URI> authority, CommittedLog log) {
        this(authority, log, Deadline.OF_A_TRANSACTION);
    }

    AuthorityCheck(List<URI> authority, CommittedLog log, Duration transactionTimeout) {
        this.authority = authority;
        this.log = log;
        this.transactionTimeout = transactionTimeout;
    }

    /**
     * Compares every coupon of which all outcomes were read.
     *
     * @param notCompared what of the system the log does not cover any more
     */
    public CheckResult check(String notCompared, Deadline deadline) throws InterruptedException {
        try (var holders = new AuthorityHolders(authority)) {
            Set<CouponId> all = log.history().withAllOutcomes();
            Set<CouponId> open = new LinkedHashSet<>(all);
            List<Difference> differences = List.of();
            Optional<String> away;
            long listed = 0;
            int readings = 0;
            do {
                readings++;
                List<Difference> earlier = differences;
                away = Optional.empty();
                Cut committed = log.outcomeEnd();
                Map<CouponId, Reading> answers = new LinkedHashMap<>();
                try {
                    for (CouponId coupon : open) {
                        answers.put(coupon, read(holders, coupon));
                    }
                } catch (IOException e) {
                    away = Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
                }
                Deadline transaction = new Deadline(transactionTimeout);
                do {
                    differences = differences(answers, committed);
                    // What lasted through the transactions of the reading before needs no other wait.
                } while (!earlier.containsAll(differences) && transaction.pause());
                Set<CouponId> different = differences.stream().map(Difference::coupon).collect(Collectors.toSet());
                for (Map.Entry<CouponId, Reading> entry : answers.entrySet()) {
                    if (!different.contains(entry.getKey())) {
                        open.remove(entry.getKey());
                        listed += entry.getValue().holders().size();
                    }
                }
                // The transaction of a reading may have been aborted since: only a later reading shows what lasts.
            } while (!open.isEmpty() && (deadline.pause() || readings < 2 && !differences.isEmpty()));
            if (!differences.isEmpty()) {
                return CheckResult.violated(NAME, differences.stream().map(Difference::text).toList());
            }
            String facts = Amount.of(all.size() - open.size(), "coupon") + ", " + Amount.of(listed, "issue")
                    + " listed";
            if (!open.isEmpty()) {
                return CheckResult.unknown(NAME, facts + "; the authority at " + addresses() + " does not answer about "
                        + History.names(open) + ": " + away.orElse("no answer"));
            }
            return notCompared.isEmpty()
                    ? CheckResult.held(NAME, facts)
                    : CheckResult.unknown(NAME, facts + "; not compared: " + notCompared);
        }
    }

    private String addresses() {
        return authority.stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    private record Difference(CouponId coupon, String text) {}

    private List<Difference> differences(Map<CouponId, Reading> readings, Cut committed) {
        log.readOn();
        History history = log.history();
        Map<CouponId, CommittedCoupon> before = CommittedCoupon.of(history.outcomesBefore(committed));
        Map<CouponId, CommittedCoupon> after = CommittedCoupon.of(history.allOutcomes());
        return readings.entrySet().stream().flatMap(entry -> AuthorityComparison.differences(entry.getKey(),
                before.getOrDefault(entry.getKey(), new CommittedCoupon()),
                after.getOrDefault(entry.getKey(), new CommittedCoupon()), entry.getValue().counts(),
                entry.getValue().holders()).stream().map(text -> new Difference(entry.getKey(), text))).toList();
    }

    private static Reading read(AuthorityHolders source, CouponId coupon) throws IOException {
        AuthorityStock stock = answer(source.stock(coupon));
        var counts = new Counts(stock.stock(), stock.issued(), stock.revoked(), stock.version(), stock.status());
        List<Holder> holders = new ArrayList<>();
        Optional<UserId> next = Optional.empty();
        do {
            HolderPage page = answer(source.page(coupon, next));
            holders.addAll(page.holders());
            next = page.next();
        } while (next.isPresent());
        return new Reading(counts, holders);
    }

    private static <T> T answer(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause() == null ? e.toString() : e.getCause().toString(), e);
        }
    }
}
