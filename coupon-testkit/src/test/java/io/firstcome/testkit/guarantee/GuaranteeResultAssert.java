package io.firstcome.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.ListAssert;

import io.firstcome.testkit.guarantee.GuaranteeResult.Fail;
import io.firstcome.testkit.guarantee.GuaranteeResult.NotChecked;
import io.firstcome.testkit.guarantee.GuaranteeResult.Pass;

/** Short ways to ask what a verdict is. */
final class GuaranteeResultAssert {

    private GuaranteeResultAssert() {}

    static void assertPassed(GuaranteeResult verdict) {
        assertThat(verdict).isInstanceOf(Pass.class);
    }

    static void assertPassed(GuaranteeResult verdict, String facts) {
        assertThat(verdict).isEqualTo(new Pass(facts));
    }

    static void assertNotChecked(GuaranteeResult verdict) {
        assertThat(verdict).isInstanceOf(NotChecked.class);
    }

    static ListAssert<String> assertFailed(GuaranteeResult verdict) {
        assertThat(verdict).isInstanceOf(Fail.class);
        return assertThat(((Fail) verdict).violations());
    }
}
