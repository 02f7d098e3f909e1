package io.firstcome.standalone.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.topic.Topics;

class LetterIdTest {

    private static final LetterId OF_COMMANDS = new LetterId(Topics.COMMANDS_DLQ, 0, 17);
    private static final LetterId OF_OUTCOMES = new LetterId(Topics.OUTCOMES_DLQ, 0, 17);

    @Test
    void shouldReadTheTextThatItPrints() {
        // when
        List<LetterId> ids = LetterId.parse(OF_OUTCOMES.toString());

        // then
        assertThat(ids).containsExactly(OF_OUTCOMES);
        assertThat(OF_OUTCOMES).hasToString("outcomes/0:17");
        assertThat(OF_OUTCOMES.position()).hasToString("coupon-outcomes-dlq-0@17");
    }

    @Test
    void shouldAllowAnyTopicWhenNoneIsNamed() {
        assertThat(LetterId.parse("0:17")).containsExactlyInAnyOrder(OF_COMMANDS, OF_OUTCOMES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "0-17", "states/0:17", "commands/0:", "commands/-1:2",
        "commands/0:1234567890123456789"})
    void shouldReadNothingElse(String text) {
        assertThat(LetterId.parse(text)).isEmpty();
    }
}
