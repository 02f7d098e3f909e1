package io.firstcome.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferWaitTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"wait=5|5", "WAIT=5|5", "wait = 5|5", "respond-async, wait=10|10",
        "wait=10, respond-async|10", "wait=\"7\"|7", "return=minimal; wait=3|3", "wait=30|30", "wait=31|30",
        "wait=999999999|30", "wait=0|0", "|0", "wait|0", "wait=|0", "wait=-1|0", "wait=1.5|0", "await=5|0",
        "respond-async|0"})
    void shouldParseThePreference(String prefer, long seconds) {
        assertThat(PreferWait.of(prefer)).hasSeconds(seconds);
    }
}
