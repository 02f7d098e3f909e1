package io.firstcome.testkit.guarantee.checks;

import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.limited;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.SaleFixture.altered;
import static io.firstcome.testkit.guarantee.SaleFixture.sale;
import static io.firstcome.testkit.guarantee.SaleFixture.saleWithRevocations;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult;

/**
 * {@link NoOversell} and {@link OnePerUser}. In the decisions of the sale, index 1 issues r1 to u1, index 2 repeats
 * that issue, and index 3 issues r2 to u2.
 */
class IssueGuaranteesTest {

    private final NoOversell noOversell = new NoOversell();
    private final OnePerUser onePerUser = new OnePerUser();

    @Test
    void shouldPassASaleWithoutErrors() {
        // given
        Evidence evidence = Evidence.of(sale());

        // when
        List<GuaranteeResult> results = List.of(noOversell.check(evidence), onePerUser.check(evidence));

        // then
        assertPassed(results.getFirst(), "2 issues, 1 coupon");
        assertPassed(results.getLast(), "2 holders, one coupon each");
    }

    @Test
    void shouldPassIssuesAfterARestock() {
        // given
        var log = new LogFixture().append(at(0), define("a1", 1))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), define("a2", 2))
                .append(at(3), issue("r2", "u2"));

        // when
        GuaranteeResult result = noOversell.check(Evidence.of(log.decided()));

        // then
        assertPassed(result, "2 issues, 1 coupon");
    }

    @Test
    void shouldFailOnAnIssueBeyondTheStock() {
        // given
        Evidence evidence = alteredSale(decisions -> decisions.set(4, issued("r3", "u3", 3, at(4))));

        // when
        GuaranteeResult result = noOversell.check(evidence);

        // then
        assertFailed(result).containsExactly("c1: issue 3 (r3) exceeds the stock of 2");
    }

    @Test
    void shouldFailOnAnIssueBeforeTheRestockThatAllowsIt() {
        // given
        Evidence evidence = alteredSale(decisions -> {
            decisions.set(4, issued("r3", "u3", 3, at(4)));
            decisions.add(changed("a2", CHANGED, couponWithStock(3), at(6)));
        });

        // when
        GuaranteeResult result = noOversell.check(evidence);

        // then
        assertFailed(result).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void shouldFailOnARepeatedOrSkippedSequence(long sequence) {
        // given
        Evidence evidence = alteredSale(decisions -> decisions.set(3, issued("r2", "u2", sequence, at(3))));

        // when
        GuaranteeResult result = noOversell.check(evidence);

        // then
        assertFailed(result).containsExactly("c1: r2 has sequence " + sequence + ", expected 2");
    }

    @Test
    void shouldFailOnARepeatedIssueThatDiffers() {
        // given
        Evidence evidence = alteredSale(decisions -> decisions.set(2, issued("r1", "u1", 1, at(2))));

        // when
        List<GuaranteeResult> results = List.of(noOversell.check(evidence), onePerUser.check(evidence));

        // then
        assertFailed(results.getFirst()).isNotEmpty();
        assertFailed(results.getLast()).contains("c1: u1 may hold 1, but holds the sequences [1, 1]");
    }

    @Test
    void shouldFailOnAnIssueOfACouponThatIsNotDefined() {
        // given
        Evidence evidence = alteredSale(List::removeFirst);

        // when
        GuaranteeResult result = noOversell.check(evidence);

        // then
        assertFailed(result).first().asString().contains("exceeds the stock of 0");
    }

    @Test
    void shouldFailOnAUserWithTwoIssues() {
        // given
        Evidence evidence = alteredSale(decisions -> decisions.set(3, issued("r2", "u1", 2, at(3))));

        // when
        GuaranteeResult result = onePerUser.check(evidence);

        // then
        assertFailed(result).first().asString().isEqualTo("c1: u1 may hold 1, but holds the sequences [1, 2]");
    }

    @Test
    void shouldPassASaleWithRevocations() {
        // given
        Evidence evidence = Evidence.of(saleWithRevocations());

        // when
        List<GuaranteeResult> results = List.of(noOversell.check(evidence), onePerUser.check(evidence));

        // then
        assertPassed(results.getFirst(), "4 issues of which 2 revoked, 1 coupon");
        assertPassed(results.getLast(), "2 holders, one coupon each");
    }

    static Stream<Arguments> wrongRevocations() {
        return Stream.of(
                wrong("an issue before the revocation that allows it", all -> Collections.swap(all, 5, 6),
                        "c1: issue 3 (r5) exceeds the stock of 2"),
                wrong("no revocation", all -> all.remove(5), "c1: issue 3 (r5) exceeds the stock of 2"),
                wrong("a revoked sequence is issued again", all -> all.set(6, issued("r5", "u2", 1, at(6))),
                        "c1: r5 has sequence 1, expected 3"),
                wrong("a sequence that was not issued", all -> all.set(8, revoked("a3", "u1", 9, "r2", 2, at(8))),
                        "c1: a3 revokes sequence 9 of u1, which is not issued"),
                wrong("another user's sequence", all -> all.set(8, revoked("a3", "u1", 3, "r5", 2, at(8))),
                        "c1: a3 revokes sequence 3 of u1, which is CouponIssued"),
                wrong("another claim", all -> all.set(8, revoked("a3", "u1", 2, "r1", 2, at(8))),
                        "c1: a3 revokes sequence 2 of u1, which is CouponIssued"),
                wrong("a repetition is counted", all -> all.set(9, revoked("a4", "u1", 2, "r2", 3, at(8))),
                        "c1: a4 counts 3 revoked, expected 2"),
                wrong("a repetition at another time", all -> all.set(9, revoked("a4", "u1", 2, "r2", 2, at(9))),
                        "c1: sequence 2 was revoked as IssueRevoked[requestId=a3"),
                wrong("a stock below what is held", all -> all.add(6, changed("a9", CHANGED,
                        new CouponState(limited(1, 2, true), CouponStatus.ACTIVE, 2, 2, 1), at(6))),
                        "c1: issue 3 (r5) exceeds the stock of 1, with 1 revoked"));
    }

    private static Arguments wrong(String name, Consumer<List<CouponOutcome>> change, String violation) {
        return arguments(named(name, change), violation);
    }

    @ParameterizedTest
    @MethodSource("wrongRevocations")
    void shouldFailOnAWrongRevocation(Consumer<List<CouponOutcome>> change, String violation) {
        // when
        GuaranteeResult result = noOversell.check(Evidence.of(altered(saleWithRevocations(), change)));

        // then
        assertFailed(result).first().asString().startsWith(violation);
    }

    @Test
    void shouldFailOnAStockBelowWhatIsHeld() {
        // given
        var state = new CouponState(definition(1), CouponStatus.ACTIVE, 2, 1);
        Evidence evidence = alteredSale(decisions -> decisions.add(changed("a9", CHANGED, state, at(9))));

        // when
        GuaranteeResult result = noOversell.check(evidence);

        // then
        assertFailed(result).containsExactly("c1: a9 sets the stock to 1, but 2 are held");
    }

    @Test
    void shouldFailOnAUserAboveTheLimit() {
        // given
        var log = altered(saleWithRevocations(), all -> all.set(3, issued("r3", "u1", 3, at(3), 3)));

        // when
        GuaranteeResult result = onePerUser.check(Evidence.of(log));

        // then
        assertFailed(result).contains("c1: u1 may hold 2, but holds the sequences [1, 2, 3]");
    }

    @Test
    void shouldFailOnAWrongNumberOfTheUsersIssue() {
        // given
        var log = altered(saleWithRevocations(), all -> all.set(10, issued("r6", "u1", 4, at(10), 1)));

        // when
        GuaranteeResult result = onePerUser.check(Evidence.of(log));

        // then
        assertFailed(result).containsExactly("c1: r6 is issue 3 of u1, but says 1");
    }

    @Test
    void shouldKeepWhatALoweredLimitDoesNotAllow() {
        // given
        var log = new LogFixture().append(at(0), define("a1", limited(9, 2, true)))
                .append(at(1), issue("r1", "u1")).append(at(2), issue("r2", "u1"))
                .append(at(3), define("a2", limited(9, 1, true))).append(at(4), issue("r3", "u1"));

        // when
        GuaranteeResult result = onePerUser.check(Evidence.of(log.decided()));

        // then
        assertPassed(result, "1 holder, at most 2 coupons each");
    }

    private static Evidence alteredSale(Consumer<List<CouponOutcome>> change) {
        return Evidence.of(altered(sale(), change));
    }
}
