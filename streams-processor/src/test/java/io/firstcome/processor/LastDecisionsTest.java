package io.firstcome.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

import org.junit.jupiter.api.Test;

/** How long an instance decides after partitions were added to a topic. */
class LastDecisionsTest {

    @Test
    void shouldWaitUntilNothingIsUndecided() throws Exception {
        // given
        Iterator<Long> backlog = List.of(2L, 1L, 0L).iterator();

        // when
        long rest = ProcessorService.awaitNone(backlog::next, Duration.ofMinutes(1));

        // then
        assertThat(rest).isZero();
        assertThat(backlog).isExhausted();
    }

    @Test
    void shouldReportWhatIsUndecidedInTheEnd() throws Exception {
        // when
        long rest = ProcessorService.awaitNone(() -> 7, Duration.ofMillis(1));

        // then
        assertThat(rest).isEqualTo(7);
    }
}
