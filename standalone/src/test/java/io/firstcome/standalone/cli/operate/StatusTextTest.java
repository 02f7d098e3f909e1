package io.firstcome.standalone.cli.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.standalone.cli.operate.StatusCommand.Coupons;

class StatusTextTest {

    private static final JsonNode NO_COUPONS = json("{\"coupons\":[]}");

    @Test
    void shouldShowALagThatIsNotKnownAsUnknown() {
        // given
        JsonNode status = json("""
                {"components":[{"name":"ingress","status":"UP"},
                {"name":"sink","status":"UNKNOWN","detail":"The sink does not answer. Start it."},
                {"name":"authority","status":"UP","lag":1234}],"coupons":{"total":3}}""");

        // when
        String text = StatusCommand.text(status, new Coupons(Optional.of(NO_COUPONS), ""));

        // then
        assertThat(text.lines().toList()).containsSubsequence(
                "part       state     behind  detail",
                "ingress    UP             -",
                "sink       UNKNOWN  unknown  The sink does not answer. Start it.",
                "authority  UP         1,234",
                "coupons: 3, open: unknown");
    }

    @Test
    void shouldSayThatTheListOfCouponsIsMissing() {
        // given
        var refused = new Coupons(Optional.empty(), "Unavailable.");

        // when
        String text = StatusCommand.text(json("{\"components\":[]}"), refused);

        // then
        assertThat(text).contains("the list of coupons is not available: Unavailable.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"UP,UP | 0", "UP,DEGRADED | 1", "UNKNOWN,DOWN | 1", "UP,UNKNOWN | 3", "'' | 3"})
    void shouldExitByTheWorstThatIsKnown(String states, int exitCode) {
        // given
        StringBuilder components = new StringBuilder();
        for (String state : states.isEmpty() ? new String[0] : states.split(",")) {
            components.append(components.isEmpty() ? "" : ",").append("{\"status\":\"" + state + "\"}");
        }

        // when
        int result = StatusCommand.exitCode(json("{\"components\":[" + components + "]}"));

        // then
        assertThat(result).isEqualTo(exitCode);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(UTF_8), JsonNode.class);
    }
}
