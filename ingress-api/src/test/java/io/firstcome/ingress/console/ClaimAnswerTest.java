package io.firstcome.ingress.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.RequestId;

class ClaimAnswerTest {

    @Test
    void shouldCountAnIssueOnceWhenASecondClickWaitedForIt() {
        // given
        byte[] issued = "{\"requestId\":\"first\",\"status\":\"ISSUED\",\"sequence\":7}".getBytes(UTF_8);

        // when
        ClaimAnswer first = ClaimAnswer.of(new RequestId("first"), 201, issued);
        ClaimAnswer second = ClaimAnswer.of(new RequestId("second"), 201, issued);

        // then
        assertThat(first).isEqualTo(new ClaimAnswer.Issued(7));
        assertThat(second).isEqualTo(new ClaimAnswer.Rejected("already-issued", 7));
    }
}
