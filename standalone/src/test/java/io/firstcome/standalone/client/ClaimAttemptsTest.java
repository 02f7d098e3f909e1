package io.firstcome.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;

/** A claim is repeated under the same key as docs/clients.md says. */
class ClaimAttemptsTest {

    private static final String CLAIM = "POST /v1/coupons/c/issues r1";
    private static final String STATUS = "GET /v1/coupons/c/requests/r1?userId=u -";

    private final List<String> sent = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final Deque<Optional<ApiAnswer>> answers = new ArrayDeque<>();
    private Instant now = Instant.EPOCH;

    @Test
    void shouldReturnTheDecisionOfTheFirstAnswer() throws Exception {
        // given
        answer(201, "{\"status\":\"ISSUED\",\"sequence\":7}", 0);

        // when
        ClaimReply result = claim();

        // then
        assertThat(result).isInstanceOf(ClaimReply.Issued.class);
        assertThat(sent).containsExactly(CLAIM);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void shouldRepeatUnderTheSameKeyAfterRetryAfter(int status) throws Exception {
        // given
        answer(status, "{}", 3);
        answer(201, "{}", 0);

        // when
        ClaimReply result = claim();

        // then
        assertThat(result).isInstanceOf(ClaimReply.Issued.class);
        assertThat(sent).containsExactly(CLAIM, CLAIM);
        assertThat(pauses).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void shouldRepeatUnderTheSameKeyWithoutAnAnswer() throws Exception {
        // given
        answers.add(Optional.empty());
        answer(409, "{\"type\":\"urn:firstcome:problem:sold-out\"}", 0);

        // when
        ClaimReply result = claim();

        // then
        assertThat(result).isInstanceOfSatisfying(ClaimReply.Rejected.class,
                rejected -> assertThat(rejected.reason()).isEqualTo("sold-out"));
        assertThat(sent).containsExactly(CLAIM, CLAIM);
    }

    @Test
    void shouldQueryTheStatusOfAnAcceptedClaim() throws Exception {
        // given
        answer(202, "{\"requestId\":\"r1\",\"status\":\"PENDING\"}", 1);
        answer(200, "{\"requestId\":\"r1\",\"status\":\"PENDING\"}", 1);
        answer(200, "{\"requestId\":\"r1\",\"status\":\"REJECTED\",\"reason\":\"SOLD_OUT\"}", 0);

        // when
        ClaimReply result = claim();

        // then
        assertThat(result).isInstanceOfSatisfying(ClaimReply.Rejected.class,
                rejected -> assertThat(rejected.reason()).isEqualTo("sold-out"));
        assertThat(sent).containsExactly(CLAIM, STATUS, STATUS);
    }

    @Test
    void shouldClaimAgainWhenTheRequestIsNotKnown() throws Exception {
        // given
        answer(202, "{\"requestId\":\"r1\",\"status\":\"PENDING\"}", 0);
        answer(404, "{\"type\":\"urn:firstcome:problem:unknown-request\"}", 0);
        answer(201, "{}", 0);

        // when
        claim();

        // then
        assertThat(sent).containsExactly(CLAIM, STATUS, CLAIM);
    }

    /** The status of the earlier request says nothing about this one. */
    @Test
    void shouldClaimAgainWhileAnEarlierRequestIsUndecided() throws Exception {
        // given
        answer(202, "{\"requestId\":\"earlier\",\"status\":\"PENDING\"}", 1);
        answer(409, "{\"type\":\"urn:firstcome:problem:already-issued\"}", 0);

        // when
        claim();

        // then
        assertThat(sent).containsExactly(CLAIM, CLAIM);
    }

    @Test
    void shouldNotRepeatARequestThatIsWrong() throws Exception {
        // given
        answer(422, "{\"type\":\"urn:firstcome:problem:idempotency-key-reused\"}", 0);

        // when
        ClaimReply result = claim();

        // then
        assertThat(result).isInstanceOf(ClaimReply.Refused.class);
    }

    @Test
    void shouldClaimNoDecisionWhenTheTimeIsOver() throws Exception {
        // given
        for (int i = 0; i < 5; i++) {
            answer(503, "{\"type\":\"urn:firstcome:problem:outcome-unknown\"}", 4);
        }

        // when
        ClaimReply result = claim();

        // then
        assertThat(result).isInstanceOfSatisfying(ClaimReply.Undecided.class,
                undecided -> assertThat(undecided.why()).isEqualTo("outcome-unknown"));
        assertThat(sent).hasSize(3);
    }

    private ClaimReply claim() throws InterruptedException {
        return new ClaimAttempts(this::send, this::pause, new TestClock(), _ -> {}).claim(new CouponId("c"),
                new UserId("u"), new RequestId("r1"), Duration.ofSeconds(10));
    }

    private void answer(int status, String body, int retryAfter) {
        answers.add(Optional.of(new ApiAnswer(status, Json.read(body.getBytes(UTF_8), JsonNode.class),
                retryAfter == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(retryAfter)))));
    }

    private ApiAnswer send(String method, String path, Map<String, String> headers, Optional<Object> body)
            throws IOException {
        sent.add(method + " " + path + " " + headers.getOrDefault("Idempotency-Key", "-"));
        return answers.remove().orElseThrow(() -> new IOException("connection reset"));
    }

    private void pause(Duration time) {
        pauses.add(time);
        now = now.plus(time);
    }

    private final class TestClock extends Clock {

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
