package io.firstcome.testkit.guarantee;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.firstcome.testkit.evidence.Evidence;

/** The seven, and what one does with them. The same ones judge simulation, system test and demo. */
public final class Guarantees {

    /** How long an answer may be late to learn of a change where no other bound is given. */
    public static final Duration USUAL_STALENESS = Duration.ofSeconds(30);

    private Guarantees() {}

    /** All of them, for clients that share the brokers' clock. */
    public static List<Guarantee> all() {
        return all(Duration.ZERO, USUAL_STALENESS);
    }

    /** All of them, with the bounds of {@link AnswersAgree#AnswersAgree(Duration, Duration)}. */
    public static List<Guarantee> all(Duration clockSkew, Duration staleness) {
        return List.of(new NoOversell(), new OnePerUser(), new EveryAckAnswered(), new LogOrderWins(),
                new SinkMatches(), new AnswersAgree(clockSkew, staleness), new GateConverges());
    }

    /** Checks all of them. */
    public static GuaranteeReport check(Evidence evidence) {
        return check(all(), evidence);
    }

    /** Checks the given ones, in their order. */
    public static GuaranteeReport check(List<Guarantee> guarantees, Evidence evidence) {
        Map<String, GuaranteeResult> verdicts = new LinkedHashMap<>();
        guarantees.forEach(guarantee -> verdicts.put(guarantee.name(), guarantee.check(evidence)));
        return new GuaranteeReport(verdicts);
    }

    /**
     * For tests: none is broken, by the evidence there is.
     *
     * @throws AssertionError with the report
     */
    public static void assertAll(Evidence evidence) {
        GuaranteeReport report = check(evidence);
        if (!report.holds()) {
            throw new AssertionError("a guarantee is broken\n" + report.details());
        }
    }

    /**
     * For tests of the whole system: none is broken, there was evidence for each, and something happened at all.
     *
     * @throws AssertionError with the report
     */
    public static void assertAllChecked(Evidence evidence) {
        assertAll(evidence);
        GuaranteeReport report = check(evidence);
        if (!report.isComplete() || evidence.log().commands().isEmpty()) {
            throw new AssertionError("not everything was checked\n" + report.details());
        }
    }
}
