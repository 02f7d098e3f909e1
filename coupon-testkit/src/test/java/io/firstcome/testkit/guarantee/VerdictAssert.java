package io.firstcome.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.ListAssert;

import io.firstcome.testkit.guarantee.Verdict.Fail;
import io.firstcome.testkit.guarantee.Verdict.NotChecked;
import io.firstcome.testkit.guarantee.Verdict.Pass;

/** Short ways to ask what a verdict is. */
final class VerdictAssert {

    private VerdictAssert() {}

    static void assertPassed(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Pass.class);
    }

    static void assertPassed(Verdict verdict, String facts) {
        assertThat(verdict).isEqualTo(new Pass(facts));
    }

    static void assertNotChecked(Verdict verdict) {
        assertThat(verdict).isInstanceOf(NotChecked.class);
    }

    static ListAssert<String> assertFailed(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Fail.class);
        return assertThat(((Fail) verdict).violations());
    }
}
