package io.firstcome.testkit.guarantee;

import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.Scene.sale;
import static io.firstcome.testkit.guarantee.Scene.spoiled;

import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.fixture.LogFixture;

/** {@link NoOversell} and {@link OnePerUser}: decision 1 issues r1 to u1, 2 repeats it, 3 issues r2 to u2. */
class IssueGuaranteesTest {

    private static Evidence afterwards(Consumer<List<CouponOutcome>> hand) {
        return Evidence.of(spoiled(sale(), hand));
    }

    @Test
    void shouldPassASaleThatWentWell() {
        assertPassed(new NoOversell().check(Evidence.of(sale())), "2 issued of 1 coupons");
        assertPassed(new OnePerUser().check(Evidence.of(sale())), "2 holders, one coupon each");
    }

    @Test
    void shouldPassARestockThatIsUsed() {
        // given
        var log = new LogFixture().append(at(0), define("a1", 1))
                .append(at(1), issue("r1", "u1"))
                .append(at(2), define("a2", 2))
                .append(at(3), issue("r2", "u2"));

        // then
        assertPassed(new NoOversell().check(Evidence.of(log.decided())), "2 issued of 1 coupons");
    }

    @Test
    void shouldSeeOneIssueTooMany() {
        assertFailed(new NoOversell().check(afterwards(d -> d.set(4, issued("r3", "u3", 3, at(4))))))
                .containsExactly("c1: issue number 3 (r3) with a stock of 2");
    }

    @Test
    void shouldSeeAnIssueBeforeTheRestockThatAllowedIt() {
        // given
        var early = afterwards(d -> {
            d.set(4, issued("r3", "u3", 3, at(4)));
            d.add(changed("a2", CHANGED, couponWithStock(3), at(6)));
        });

        // then
        assertFailed(new NoOversell().check(early)).hasSize(1);
    }

    @Test
    void shouldSeeAGapInTheNumbers() {
        assertFailed(new NoOversell().check(afterwards(d -> d.set(3, issued("r2", "u2", 3, at(3))))))
                .containsExactly("c1: r2 got number 3 where 2 was due");
    }

    @Test
    void shouldSeeANumberGivenTwice() {
        assertFailed(new NoOversell().check(afterwards(d -> d.set(3, issued("r2", "u2", 1, at(3))))))
                .containsExactly("c1: r2 got number 1 where 2 was due");
    }

    @Test
    void shouldSeeARepeatedIssueThatIsNotTheSame() {
        assertFailed(new NoOversell().check(afterwards(d -> d.set(2, issued("r1", "u1", 1, at(2)))))).isNotEmpty();
        assertFailed(new OnePerUser().check(afterwards(d -> d.set(2, issued("r1", "u1", 1, at(2)))))).hasSize(1);
    }

    @Test
    void shouldSeeAnIssueOfWhatNobodyDefined() {
        assertFailed(new NoOversell().check(afterwards(List::removeFirst))).first().asString()
                .contains("with a stock of 0");
    }

    @Test
    void shouldSeeAUserWithTwo() {
        assertFailed(new OnePerUser().check(afterwards(d -> d.set(3, issued("r2", "u1", 2, at(3)))))).first()
                .asString().startsWith("c1: one user, two issues:");
    }
}
