package io.firstcome.processor.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.testkit.cases.IssuanceCase;

/** The cases that the policy shares with the gate. */
class IssuanceCasesTest {

    @ParameterizedTest
    @MethodSource("io.firstcome.testkit.cases.IssuanceCases#forPolicy")
    void shouldDecideAsInCase(IssuanceCase example) {
        // given
        var snapshot = new CouponSnapshot(
                example.given().coupon().map(state -> new Coupon(state, example.given().clock().orElse(Instant.EPOCH))),
                GivenHoldings.of(example.given()).getOrDefault(example.when().command().userId(), Holdings.NONE));

        // when
        CouponOutcome outcome = IssuancePolicy.decide(snapshot, example.when().command(), example.when().now());

        // then
        assertThat(outcome).isEqualTo(example.then().policy().orElseThrow());
    }
}
