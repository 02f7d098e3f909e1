package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class FreePortTest {

    @Test
    void shouldNeverGiveTheSamePortTwice() {
        assertThat(Stream.generate(FreePort::pick).limit(500)).doesNotHaveDuplicates();
    }
}
