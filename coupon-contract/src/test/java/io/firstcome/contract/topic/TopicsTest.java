package io.firstcome.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

/** Names and policies must not change: existing installations have data in these topics. */
class TopicsTest {

    @Test
    void shouldHaveFixedNames() {
        // when
        List<TopicSpec> topics = Topics.all();

        // then
        assertThat(topics).extracting(TopicSpec::name)
                .containsExactly("coupon-commands", "coupon-outcomes", "coupon-states", "coupon-commands-dlq",
                        "coupon-outcomes-dlq")
                .allSatisfy(Topic::validate);
    }

    @Test
    void shouldStampCommandsWithTheAppendTime() {
        // when
        Map<String, String> settings = Topics.COMMANDS.settings();

        // then
        assertThat(settings).isEqualTo(neverTruncated(TopicConfig.CLEANUP_POLICY_CONFIG, "delete",
                TopicConfig.RETENTION_MS_CONFIG, days(7), TopicConfig.RETENTION_BYTES_CONFIG, "-1",
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    }

    /** Readers conclude from the time of an outcome how far the authority is. */
    @Test
    void shouldRetainOutcomesFor30DaysWithTheTimesOfTheirCommands() {
        // when
        Map<String, String> settings = Topics.OUTCOMES.settings();

        // then
        assertThat(settings).isEqualTo(neverTruncated(TopicConfig.CLEANUP_POLICY_CONFIG, "delete",
                TopicConfig.RETENTION_MS_CONFIG, days(30), TopicConfig.RETENTION_BYTES_CONFIG, "-1",
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime"));
    }

    @Test
    void shouldRetainDeadLettersFor30Days() {
        // when
        var settings = Stream.of(Topics.COMMANDS_DLQ, Topics.OUTCOMES_DLQ).map(TopicSpec::settings);

        // then
        assertThat(settings).containsOnly(neverTruncated(TopicConfig.CLEANUP_POLICY_CONFIG, "delete",
                TopicConfig.RETENTION_MS_CONFIG, days(30), TopicConfig.RETENTION_BYTES_CONFIG, "-1"));
    }

    @Test
    void shouldCompactStatesWithinAnHour() {
        // when
        Map<String, String> settings = Topics.STATES.settings();

        // then
        assertThat(settings).isEqualTo(neverTruncated(TopicConfig.CLEANUP_POLICY_CONFIG, "compact",
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, "1800000"));
    }

    /** What every topic declares, and more. */
    private static Map<String, String> neverTruncated(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false",
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE),
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE)));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static String days(int days) {
        return String.valueOf(Duration.ofDays(days).toMillis());
    }
}
