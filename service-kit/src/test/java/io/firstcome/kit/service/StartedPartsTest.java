package io.firstcome.kit.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class StartedPartsTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void shouldCloseEveryPartOnceInReverseOrderThoughOneFails() {
        // given
        var parts = new StartedParts();
        parts.add(() -> closed.add("first"));
        parts.add(() -> {
            closed.add("second");
            throw new IllegalStateException("cannot be closed");
        });
        parts.add(() -> closed.add("third"));

        // when
        parts.close();
        parts.close();

        // then
        assertThat(closed).containsExactly("third", "second", "first");
    }

    @Test
    void shouldCloseTheNextPartInPeaceAfterAnInterrupt() {
        // given
        var parts = new StartedParts();
        parts.add(() -> closed.add(Thread.currentThread().isInterrupted() ? "interrupted" : "in peace"));
        parts.add(() -> {
            throw new InterruptedException();
        });

        // when
        parts.close();

        // then
        assertThat(Thread.interrupted()).as("the caller's thread").isTrue();
        assertThat(closed).containsExactly("in peace");
    }
}
