package io.firstcome.processor.topology;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.DeadLetter;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.WriterVersion;

class DeadLetterTest {

    private static final byte[] KEY = Topic.key(COUPON);

    private final TopologyRun run = new TopologyRun();

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void shouldDeadLetterUndecodableBytesUnchanged() {
        // given
        byte[] garbage = {0, (byte) 0xff, '{', 7};
        run.send(at(0), define("a1", 1));

        // when
        run.send(at(1), KEY, garbage);

        // then
        TestRecord<byte[], byte[]> letter = onlyLetter();
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.value()).isEqualTo(garbage);
        assertThat(TopologyRun.reason(letter)).isEqualTo("body is not valid UTF-8");
        assertThat(TopologyRun.header(letter, DeadLetterTopic.ORIGIN)).isEqualTo("coupon-commands-0@1");
        assertThat(run.outcomes()).hasSize(1);
    }

    @Test
    void shouldContinueAfterInvalidRecord() {
        // when
        run.send(at(0), define("a1", 1)).send(at(1), KEY, bytes("invalid")).send(at(2), issue("r1", "alice"));

        // then
        assertThat(run.outcomes()).endsWith(issued("r1", "alice", 1, at(2)));
    }

    @Test
    void shouldAnswerSenderWhenRequestIdIsReadable() {
        // when
        run.send(at(1), KEY, bytes("{\"type\":\"IssueCoupon\",\"requestId\":\"r1\",\"couponId\":\"c1\"}"));

        // then
        assertThat(onlyInvalid()).isEqualTo(
                new CommandInvalid(issue("r1", "x").requestId(), COUPON, "userId is missing", at(1)));
        assertThat(TopologyRun.reason(onlyLetter())).isEqualTo("userId is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "\"requestId\"", "{\"requestId\":7}", "{\"requestId\":\"a b\"}",
        "{\"requestId\":\"r1\"", "{\"requestId\":\"r1\"}{}"})
    void shouldNotAnswerWithoutReadableRequestId(String value) {
        // when
        run.send(at(1), KEY, bytes(value));

        // then
        assertThat(onlyLetter().value()).isEqualTo(bytes(value));
        assertThat(run.outcomes()).isEmpty();
    }

    @Test
    void shouldRejectCommandForOtherCouponThanItsKey() {
        // given
        run.send(at(0), define("a1", 1));

        // when
        run.send(at(1), bytes("c2"), Topics.COMMANDS.encode(issue("r1", "alice")));

        // then
        assertThat(run.outcomes()).last().isInstanceOfSatisfying(CommandInvalid.class, invalid -> {
            assertThat(invalid.couponId()).hasToString("c2");
            assertThat(invalid.requestId()).hasToString("r1");
        });
        assertThat(TopologyRun.reason(onlyLetter())).isEqualTo("couponId is c1 but the record's key is c2");
    }

    @Test
    void shouldDeadLetterNullKey() {
        // when
        byte[] value = Topics.COMMANDS.encode(issue("r1", "alice"));
        run.send(at(1), null, value);

        // then
        TestRecord<byte[], byte[]> letter = onlyLetter();
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isEqualTo(value);
        assertThat(TopologyRun.reason(letter)).isEqualTo("record key: couponId is missing");
        assertThat(run.outcomes()).isEmpty();
    }

    @Test
    void shouldDeadLetterNullValue() {
        // when
        run.send(at(1), KEY, null);

        // then
        assertThat(onlyLetter().value()).isNull();
        assertThat(run.outcomes()).isEmpty();
    }

    @Test
    void shouldDeadLetterInvalidKey() {
        // when
        run.send(at(1), bytes("no coupon!"), Topics.COMMANDS.encode(issue("r1", "alice")));

        // then
        assertThat(onlyLetter().key()).isEqualTo(bytes("no coupon!"));
        assertThat(run.outcomes()).isEmpty();
    }

    @Test
    void shouldCutKeyAndValueToMaximum() {
        // when
        byte[] huge = new byte[DeadLetter.MAX_PART_BYTES + 1];
        Arrays.fill(huge, (byte) 'x');
        run.send(at(1), huge, huge);

        // then
        TestRecord<byte[], byte[]> letter = onlyLetter();
        assertThat(letter.key()).hasSize(DeadLetter.MAX_PART_BYTES);
        assertThat(letter.value()).hasSize(DeadLetter.MAX_PART_BYTES);
        assertThat(TopologyRun.reason(letter)).endsWith("the complete record is at its origin)").hasSizeLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f", "\ud83d\ude00", "\\u0000"})
    void shouldShortenLongReason(String letter) {
        // when
        run.send(at(1), KEY, bytes("{\"type\":\"PauseCoupon\",\"requestId\":\"r1\",\"couponId\":\"c1\",\"a"
                + letter.repeat(7_000) + "\":1}"));

        // then
        assertThat(onlyInvalid().detail()).hasSizeLessThan(500);
        assertThat(TopologyRun.reason(onlyLetter())).isNotEmpty();
    }

    @Test
    void shouldDescribeTextThatIsNotUnicode() {
        // when
        run.send(at(1), KEY, bytes("{\"type\":\"\\ud800\",\"requestId\":\"r1\"}"));

        // then
        assertThat(onlyInvalid().detail()).isEqualTo("type must be a known type");
    }

    @Test
    void shouldContinueAfterAnyBytes() {
        // given
        long seed = Long.getLong("firstcome.seed", System.nanoTime());
        var random = new Random(seed);
        byte[] valid = Topics.COMMANDS.encode(define("r1", 3));

        // when
        for (int i = 0; i < 2_000; i++) {
            byte[] value = damaged(valid, random);
            if (!mayBeOfANewerVersion(value)) {
                assertThatCode(() -> run.send(at(1), KEY, value))
                        .describedAs("seed %d, value %s", seed, Arrays.toString(value)).doesNotThrowAnyException();
            }
        }

        // then
        run.send(at(2), issue("last", "alice"));
        assertThat(run.outcomes()).describedAs("seed %d", seed).last()
                .extracting(CouponOutcome::requestId).hasToString("last");
    }

    /** A damaged letter of a field's name makes another valid name. */
    private static boolean mayBeOfANewerVersion(byte[] value) {
        return catchThrowable(() -> Topics.COMMANDS.decode(value)) instanceof NewerFormat;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "{\"type\":\"TradeIssue\",\"requestId\":\"r1\"}|the type TradeIssue",
        "{\"type\":\"IssueCoupon\",\"requestId\":\"r1\",\"couponId\":\"c1\",\"userId\":\"u\","
                + "\"nth\":2}|the field nth"})
    void shouldStopAtACommandOfANewerVersion(String value, String found) {
        // given
        run.send(at(0), define("a1", 1));

        // when
        var headers = new RecordHeaders().add(WriterVersion.HEADER, bytes("7.1.0"));
        Throwable failure = catchThrowable(() -> run.send(at(1), KEY, bytes(value), headers));

        // then
        assertThat(failure).hasStackTraceContaining("coupon-commands-0@1 has " + found + ", which this version")
                .hasStackTraceContaining("Start version 7.1.0 of this service or a later one");
        assertThat(run.deadLetters()).isEmpty();
        assertThat(run.outcomes()).hasSize(1);
    }

    private static byte[] damaged(byte[] valid, Random random) {
        byte[] value = Arrays.copyOf(valid, random.nextInt(10) == 0 ? random.nextInt(valid.length) : valid.length);
        for (int hits = random.nextInt(4); hits > 0 && value.length > 0; hits--) {
            value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        }
        return value;
    }

    private TestRecord<byte[], byte[]> onlyLetter() {
        List<TestRecord<byte[], byte[]>> letters = run.deadLetters();
        assertThat(letters).hasSize(1);
        return letters.getFirst();
    }

    private CommandInvalid onlyInvalid() {
        List<CouponOutcome> outcomes = run.outcomes();
        assertThat(outcomes).hasSize(1);
        return (CommandInvalid) outcomes.getFirst();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
