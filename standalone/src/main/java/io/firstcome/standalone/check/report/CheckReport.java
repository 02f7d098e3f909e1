package io.firstcome.standalone.check.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.firstcome.standalone.check.report.CheckResult.Status;

/**
 * The results of checking a running system.
 *
 * @param time when the check began; what was accepted later may not be covered
 * @param duration how long the check took
 * @param coupons how many coupons are defined, among those that were to be checked
 * @param commands how many commands were read
 * @param outcomes how many outcomes were read
 * @param results one for each guarantee
 */
public record CheckReport(Instant time, Duration duration, int coupons, long commands, long outcomes,
        List<CheckResult> results) {

    public CheckReport {
        results = List.copyOf(results);
    }

    /** VIOLATED if any guarantee is, else UNKNOWN if any is, else HELD. */
    public Status status() {
        List<Status> all = results.stream().map(CheckResult::status).toList();
        if (all.contains(Status.VIOLATED)) {
            return Status.VIOLATED;
        }
        return all.isEmpty() || all.contains(Status.UNKNOWN) ? Status.UNKNOWN : Status.HELD;
    }
}
