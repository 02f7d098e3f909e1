package io.firstcome.testkit.guarantee.checks;

import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.SaleFixture.altered;
import static io.firstcome.testkit.guarantee.SaleFixture.sale;

import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome;
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
        assertFailed(results.getLast()).hasSize(1);
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
        assertFailed(result).first().asString().startsWith("c1: two issues to one user:");
    }

    private static Evidence alteredSale(Consumer<List<CouponOutcome>> change) {
        return Evidence.of(altered(sale(), change));
    }
}
