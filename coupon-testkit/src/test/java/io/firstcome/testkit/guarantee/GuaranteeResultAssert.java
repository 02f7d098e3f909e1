package io.firstcome.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.ListAssert;

import io.firstcome.testkit.guarantee.GuaranteeResult.Fail;
import io.firstcome.testkit.guarantee.GuaranteeResult.NotChecked;
import io.firstcome.testkit.guarantee.GuaranteeResult.Pass;

/** Assertions on a {@link GuaranteeResult}. */
public final class GuaranteeResultAssert {

    private GuaranteeResultAssert() {}

    public static void assertPassed(GuaranteeResult result) {
        assertThat(result).isInstanceOf(Pass.class);
    }

    public static void assertPassed(GuaranteeResult result, String facts) {
        assertThat(result).isEqualTo(new Pass(facts));
    }

    public static void assertNotChecked(GuaranteeResult result) {
        assertThat(result).isInstanceOf(NotChecked.class);
    }

    public static ListAssert<String> assertFailed(GuaranteeResult result) {
        assertThat(result).isInstanceOf(Fail.class);
        return assertThat(((Fail) result).violations());
    }
}
