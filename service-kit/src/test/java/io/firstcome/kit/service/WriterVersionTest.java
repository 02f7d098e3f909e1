package io.firstcome.kit.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.DeadLetter;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;

class WriterVersionTest {

    private static final RecordPosition AT = new RecordPosition("coupon-outcomes", 3, 17);
    private static final String CURRENT = BuildVersion.current().version();

    private final Headers headers = new RecordHeaders();

    @Test
    void shouldSayWhichVersionAReaderNeeds() {
        // given
        headers.add(WriterVersion.HEADER, "7.1.0".getBytes(UTF_8));

        // then
        assertThat(problem()).isEqualTo("coupon-outcomes-3@17 has the type IssueTraded, which this version does not"
                + " know: version 7.1.0 wrote the record, and this is " + CURRENT + ". Start version 7.1.0 of this"
                + " service or a later one; see \"Upgrade\" in docs/operations.md");
    }

    @Test
    void shouldNameTheBuildThatWritesARecord() {
        // when
        WriterVersion.addTo(headers);

        // then
        assertThat(WriterVersion.of(headers)).contains(CURRENT).isNotEqualTo(BuildVersion.UNKNOWN);
        assertThat(problem()).contains("another build of this version, " + CURRENT + ", wrote the record");
    }

    /** The line goes to logs and probes, so it repeats nothing that a foreign program may have put into the header. */
    @ParameterizedTest
    @ValueSource(strings = {"", "7.1.0\nERROR", "<b>", "7 1", "12345678901234567890123456789012345678901", "칠"})
    void shouldNotRepeatAnInvalidVersion(String version) {
        // given
        headers.add(WriterVersion.HEADER, version.getBytes(UTF_8));

        // then
        assertThat(problem()).contains("a newer version wrote the record, or another program, and this is " + CURRENT);
    }

    @Test
    void shouldAcceptRecordsThatDoNotNameAVersion() {
        // given
        Headers empty = new RecordHeaders().add(WriterVersion.HEADER, null);

        // then
        assertThat(problem()).contains("a newer version wrote the record, or another program");
        assertThat(WriterVersion.of(empty)).isEmpty();
    }

    @Test
    void shouldStayInADeadLetter() {
        // given
        WriterVersion.addTo(headers);

        // when
        DeadLetter letter = DeadLetter.of(null, null, headers, "why", AT);

        // then
        assertThat(WriterVersion.of(letter.headers())).contains(CURRENT);
    }

    private String problem() {
        NewerFormat format = catchThrowableOfType(NewerFormat.class,
                () -> Topics.OUTCOMES.decode("{\"type\":\"IssueTraded\"}".getBytes(UTF_8)));
        return WriterVersion.problem(format, AT, headers);
    }
}
