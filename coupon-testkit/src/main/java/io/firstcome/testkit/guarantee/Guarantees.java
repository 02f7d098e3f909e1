package io.firstcome.testkit.guarantee;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.checks.AnswersAgree;
import io.firstcome.testkit.guarantee.checks.EveryAckAnswered;
import io.firstcome.testkit.guarantee.checks.GateConverges;
import io.firstcome.testkit.guarantee.checks.LogOrderWins;
import io.firstcome.testkit.guarantee.checks.NoOversell;
import io.firstcome.testkit.guarantee.checks.OnePerUser;
import io.firstcome.testkit.guarantee.checks.SinkMatches;

/** The seven guarantees. Unit simulations, system tests and the demo all check the same ones. */
public final class Guarantees {

    /** The default bound on how long an answer may rely on a fact that is no longer true. */
    public static final Duration DEFAULT_STALENESS = Duration.ofSeconds(30);

    private Guarantees() {}

    /** All guarantees, for clients that share the brokers' clock. */
    public static List<Guarantee> all() {
        return all(Duration.ZERO, DEFAULT_STALENESS);
    }

    /** All guarantees, with the bounds of {@link AnswersAgree#AnswersAgree(Duration, Duration)}. */
    public static List<Guarantee> all(Duration clockSkew, Duration staleness) {
        return List.of(new NoOversell(), new OnePerUser(), new EveryAckAnswered(), new LogOrderWins(),
                new SinkMatches(), new AnswersAgree(clockSkew, staleness), new GateConverges());
    }

    /** Checks all guarantees. */
    public static GuaranteeReport check(Evidence evidence) {
        return check(all(), evidence);
    }

    /** Checks these guarantees in their order. */
    public static GuaranteeReport check(List<Guarantee> guarantees, Evidence evidence) {
        Map<String, GuaranteeResult> results = new LinkedHashMap<>();
        guarantees.forEach(guarantee -> results.put(guarantee.name(), guarantee.check(evidence)));
        return new GuaranteeReport(results);
    }

    /**
     * For tests: asserts that no guarantee fails. Guarantees without evidence are skipped.
     *
     * @throws AssertionError with the report
     */
    public static void assertAll(Evidence evidence) {
        GuaranteeReport report = check(evidence);
        if (!report.holds()) {
            throw new AssertionError("a guarantee failed\n" + report.details());
        }
    }

    /**
     * For tests of the whole system: asserts that every guarantee was checked, that none failed, and that the log
     * contains at least one command.
     *
     * @throws AssertionError with the report
     */
    public static void assertAllChecked(Evidence evidence) {
        assertAll(evidence);
        GuaranteeReport report = check(evidence);
        if (!report.isComplete() || evidence.log().commands().isEmpty()) {
            throw new AssertionError("some guarantees were not checked, or the log is empty\n" + report.details());
        }
    }
}
