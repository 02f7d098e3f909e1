package io.firstcome.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

/** Names and policies are an agreement with everybody who has data in these topics. */
class TopicsTest {

    @Test
    void shouldKeepTheirNames() {
        assertThat(Topics.all()).extracting(TopicSpec::name)
                .containsExactly("coupon-commands", "coupon-outcomes", "coupon-states", "coupon-commands-dlq",
                        "coupon-outcomes-dlq")
                .allSatisfy(Topic::validate);
    }

    @Test
    void shouldTakeTheTimeOfCommandsFromTheBroker() {
        assertThat(Topics.COMMANDS.settings()).containsExactlyInAnyOrderEntriesOf(
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "delete", TopicConfig.RETENTION_MS_CONFIG, days(7),
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    }

    @Test
    void shouldKeepOutcomesAndDeadLettersAMonth() {
        Map<String, String> aMonth = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "delete",
                TopicConfig.RETENTION_MS_CONFIG, days(30));

        assertThat(Topics.OUTCOMES.settings()).isEqualTo(aMonth);
        assertThat(Topics.COMMANDS_DLQ.settings()).isEqualTo(aMonth);
        assertThat(Topics.OUTCOMES_DLQ.settings()).isEqualTo(aMonth);
    }

    @Test
    void shouldKeepTheLastStateOfEveryCouponForEver() {
        assertThat(Topics.STATES.settings()).isEqualTo(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact"));
    }

    private static String days(int days) {
        return String.valueOf(Duration.ofDays(days).toMillis());
    }

    @Test
    void shouldSayWhyAndWhenceInADeadLetter() {
        // when
        var headers = DeadLetterTopic.headers("userId is missing", "coupon-commands", 3, 42);

        // then
        assertThat(headers.lastHeader("firstcome.reason").value()).asString(UTF_8).isEqualTo("userId is missing");
        assertThat(headers.lastHeader("firstcome.origin").value()).asString(UTF_8).isEqualTo("coupon-commands-3@42");
    }
}
