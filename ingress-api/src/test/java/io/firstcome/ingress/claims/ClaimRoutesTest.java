package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.GateData;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testing.RedisServer;

@ResourceLock(IngressExtension.SHARED_INGRESSES)
class ClaimRoutesTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();
    private static final RedisServer REDIS = RedisServer.shared();

    private static final String FULL = "firstcome_gate_replies_total{reply=\"FULL\"";
    private static final String CLAIMS_WAITING = "firstcome_claims_waiting";
    private static final String[] WAIT = {"Prefer", "wait=30"};

    private final TestIngress ingress = INGRESSES.one();
    private final Campaign campaign = Campaign.openForLong();
    private final String coupon = campaign.id();

    @Test
    void shouldAcceptAClaimWithTheLocationOfItsStatus() {
        // given
        define(3);

        // when
        Reply accepted = ingress.claim(coupon, "u1");

        // then
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("Location"))
                .isEqualTo("/v1/coupons/" + coupon + "/requests/" + accepted.get("requestId") + "?userId=u1");
        assertThat(accepted.header("Retry-After")).isEqualTo("1");
        assertThat(accepted.json().toString()).isEqualTo("""
                {"requestId":"%s","couponId":"%s","userId":"u1","status":"PENDING"}"""
                .formatted(accepted.header("Request-Id"), coupon));
        await().untilAsserted(() -> assertThat(ingress.get(accepted.header("Location")).text()).isEqualTo("""
                {"requestId":"%s","couponId":"%s","userId":"u1","status":"ISSUED","sequence":1}"""
                .formatted(accepted.get("requestId"), coupon)));
    }

    @Test
    void shouldWaitForTheDecisionWhenAskedTo() {
        // given
        define(3);

        // when
        Reply issued = ingress.claim(coupon, "u1", WAIT);

        // then
        assertThat(issued.status()).isEqualTo(201);
        assertThat(issued.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(issued.header("Location")).isEqualTo("/v1/coupons/" + coupon + "/issues/u1");
        assertThat(issued.get("status")).isEqualTo("ISSUED");
        assertThat(issued.get("sequence")).isEqualTo("1");
        assertThat(Instant.parse(issued.get("issuedAt"))).isCloseTo(Instant.now(),
                within(10, ChronoUnit.MINUTES));
    }

    @Test
    void shouldAnswerPendingWithoutPreferWait() {
        // given
        define(1000);

        // when
        List<CompletableFuture<Reply>> claims = IntStream.range(0, 200)
                .mapToObj(i -> ingress.claimAsync(coupon, "u" + i)).toList();

        // then
        assertThat(claims).extracting(it -> it.join().status()).containsOnly(202);
    }

    @Test
    void shouldAnswerPendingAfterTheWait() {
        // given
        define(3);

        // when
        Reply pending = whileTheAuthorityIsHeld(() -> ingress.claim(coupon, "u1", "Prefer", "wait=1"));

        // then
        assertThat(pending.status()).isEqualTo(202);
        assertThat(pending.header("Preference-Applied")).isEmpty();
    }

    @Test
    void shouldRepeatTheAnswerToAnIssuedRequest() {
        // given
        define(1);
        Reply issued = ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30");

        // when
        Reply again = ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k");

        // then
        assertThat(again.text()).isEqualTo(issued.text());
        assertThat(again.status()).isEqualTo(201);
    }

    @Test
    void shouldWriteARepeatedPendingRequestOnce() {
        // given
        define(1);

        // when
        Reply again = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k");
            double admitted = gateReplies();
            Reply second = ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k");
            assertThat(gateReplies()).as("the tracker answers, not the gate").isEqualTo(admitted);
            return second;
        });

        // then
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.get("requestId")).isEqualTo(coupon + "-k");
        Reply later = ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30");
        assertThat(later.status()).isEqualTo(201);
    }

    @Test
    void shouldAnswerAlreadyIssuedWithTheSequence() {
        // given
        define(3);

        // when
        ingress.claim(coupon, "u1", WAIT);

        // then
        await().untilAsserted(() -> {
            Reply second = ingress.claim(coupon, "u1", WAIT);
            assertThat(second.problem()).isEqualTo("409 already-issued");
            assertThat(second.get("sequence")).isEqualTo("1");
            assertThat(second.get("couponId")).isEqualTo(coupon);
            assertThat(second.get("userId")).isEqualTo("u1");
            assertThat(second.get("requestId")).isEqualTo(second.header("Request-Id"));
        });
    }

    @Test
    void shouldAnswerLimitReachedWithTheSequences() {
        // given
        ingress.admin("PUT", coupon, """
                {"name":"Coffee","stock":9,"opensAt":"2026-01-01T00:00:00Z","closesAt":"2096-01-01T00:00:00Z",\
                "perUser":2}""");
        ingress.claim(coupon, "u1", WAIT);

        // when: until the first claim is settled, the second answer names its request
        await().untilAsserted(() -> assertThat(ingress.claim(coupon, "u1", WAIT).status()).isEqualTo(201));

        // then
        await().untilAsserted(() -> {
            Reply third = ingress.claim(coupon, "u1", "Prefer", "wait=30", "Idempotency-Key", coupon + "-3");
            assertThat(third.problem()).isEqualTo("409 limit-reached");
            assertThat(third.json().path("sequences").toString()).isEqualTo("[1,2]");
        });
    }

    @Test
    void shouldAnswerSoldOutToANewRequestWithoutTheGate() {
        // given
        define(1);
        ingress.claim(coupon, "u1", WAIT);
        double gateRepliesBefore = gateReplies();

        // when
        Reply refused = ingress.claim(coupon, "u2");

        // then
        assertThat(refused.problem()).isEqualTo("409 sold-out");
        assertThat(gateReplies()).isEqualTo(gateRepliesBefore);
    }

    @Test
    void shouldAnswerAlreadyIssuedWithoutTheGate() {
        // given
        define(1);
        ingress.claim(coupon, "u1", WAIT);
        double gateRepliesBefore = gateReplies();

        // when
        Reply second = ingress.claim(coupon, "u1");

        // then
        assertThat(second.problem()).isEqualTo("409 already-issued");
        assertThat(second.get("sequence")).isEqualTo("1");
        assertThat(gateReplies()).isEqualTo(gateRepliesBefore);
    }

    @Test
    void shouldAnswerSoldOutToAKeyWithoutAnIssue() {
        // given
        define(1);
        ingress.claim(coupon, "u1", WAIT);

        // when
        Reply refused = ingress.claim(coupon, "u2", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30");

        // then
        assertThat(refused.problem()).isEqualTo("409 sold-out");
    }

    @Test
    void shouldAnswerNotStartedWithOpensAt() {
        // given
        Instant opensAt = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        ingress.define(coupon, 1, opensAt, opensAt.plusSeconds(60));

        // when
        Reply refused = ingress.claim(coupon, "u1");

        // then
        assertThat(refused.problem()).isEqualTo("409 not-started");
        assertThat(refused.get("opensAt")).isEqualTo(opensAt.toString());
        assertThat(ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30").problem())
                .isEqualTo("409 not-started");
    }

    @Test
    void shouldAnswerEndedAfterClosesAt() {
        // given
        Instant opensAt = Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        ingress.define(coupon, 1, opensAt, opensAt.plusSeconds(60));

        // when
        Reply refused = ingress.claim(coupon, "u1");

        // then
        assertThat(refused.problem()).isEqualTo("410 ended");
    }

    @ParameterizedTest
    @CsvSource({"pause,409 paused", "close,410 ended"})
    void shouldRejectClaimsOnAPausedOrClosedCoupon(String command, String problem) {
        // given
        define(1);
        ingress.admin("POST", coupon + "/" + command, "");

        // when
        Reply withoutKey = ingress.claim(coupon, "u1");
        Reply withKey = ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30");

        // then
        assertThat(withoutKey.problem()).isEqualTo(problem);
        assertThat(withKey.problem()).isEqualTo(problem);
    }

    @Test
    void shouldAcceptClaimsAfterAResumeAndARestock() {
        // given
        define(1);
        ingress.claim(coupon, "u1", WAIT);
        ingress.admin("POST", coupon + "/pause", "");
        assertThat(ingress.claim(coupon, "u2").problem()).isEqualTo("409 paused");

        // when
        ingress.admin("POST", coupon + "/resume", "");
        assertThat(ingress.claim(coupon, "u2").problem()).isEqualTo("409 sold-out");
        define(2);

        // then
        assertThat(ingress.claim(coupon, "u2", WAIT).get("sequence")).isEqualTo("2");
    }

    @Test
    void shouldAnswer404ForAnUndefinedCoupon() {
        assertThat(ingress.claim("undefined", "u1").problem()).isEqualTo("404 unknown-coupon");
    }

    @Test
    void shouldPointToAnEarlierPendingRequest() {
        // given
        define(3);
        REDIS.awaitFacts(coupon);

        // when
        Reply second = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-first");
            return ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-second");
        });

        // then
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.get("requestId")).isEqualTo(coupon + "-first");
        assertThat(second.header("Location")).endsWith("/requests/" + coupon + "-first?userId=u1");
        assertThat(second.header("Request-Id")).isEqualTo(coupon + "-second");
        assertThat(ingress.get("/v1/coupons/" + coupon + "/requests/" + coupon + "-second").problem())
                .isEqualTo("404 unknown-request");
    }

    @Test
    void shouldPointTheSecondConcurrentClaimToTheFirst() {
        // given
        define(3);
        REDIS.awaitFacts(coupon);

        // when
        List<Reply> both = whileTheAuthorityIsHeld(() -> Stream.of("-one", "-two")
                .map(key -> ingress.claimAsync(coupon, "u1", "Idempotency-Key", coupon + key)).toList().stream()
                .map(CompletableFuture::join).toList());

        // then
        assertThat(both).extracting(Reply::status).containsOnly(202);
        assertThat(both).extracting(it -> it.get("requestId")).hasSize(2)
                .containsOnly(both.getFirst().get("requestId"));
        assertThat(both).extracting(it -> it.header("Location")).containsOnly(both.getFirst().header("Location"));
    }

    @Test
    void shouldAnswerTheDecisionOnAnEarlierRequest() {
        // given
        define(3);
        REDIS.awaitFacts(coupon);

        // when
        CompletableFuture<Reply> second = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-first");
            return waitingClaim("-second");
        });

        // then
        assertThat(second.join().status()).isEqualTo(201);
        assertThat(second.join().get("requestId")).isEqualTo(coupon + "-first");
        assertThat(second.join().get("sequence")).isEqualTo("1");
        assertThat(second.join().header("Content-Location"))
                .isEqualTo("/v1/coupons/" + coupon + "/requests/" + coupon + "-first?userId=u1");
        assertThat(second.join().header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(second.join().header("Request-Id")).isEqualTo(coupon + "-second");
        assertThat(ingress.get("/v1/coupons/" + coupon + "/requests/" + coupon + "-second").problem())
                .as("not in the log").isEqualTo("404 unknown-request");
    }

    @Test
    void shouldAnswerTheRejectionOfAnEarlierRequest() {
        // given
        define(3);
        REDIS.awaitFacts(coupon);

        // when
        CompletableFuture<Reply> second = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-first");
            CompletableFuture<Reply> waiting = waitingClaim("-second");
            try (var log = new LogWriter()) {
                log.write(new IssueRejected(new RequestId(coupon + "-first"), campaign.couponId(), new UserId("u1"),
                        RejectionReason.SOLD_OUT, Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(60), null,
                        null));
            }
            waiting.join();
            return waiting;
        });

        // then
        assertThat(second.join().problem()).isEqualTo("409 sold-out");
        assertThat(second.join().get("requestId")).isEqualTo(coupon + "-first");
        assertThat(second.join().header("Content-Location")).endsWith("/requests/" + coupon + "-first?userId=u1");
    }

    @Test
    void shouldWaitForADecisionOfItsOwnWhereAUserMayHoldSeveral() {
        // given
        defineForTwoPerUser();

        // when
        CompletableFuture<Reply> second = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-first");
            return waitingClaim("-second");
        });

        // then
        assertThat(second.join().status()).isEqualTo(201);
        assertThat(second.join().get("requestId")).isEqualTo(coupon + "-second");
        assertThat(second.join().get("sequence")).isEqualTo("2");
        assertThat(second.join().header("Content-Location")).as("it is not the decision on the first").isEmpty();
        assertThat(second.join().header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(ingress.get("/v1/coupons/" + coupon + "/requests/" + coupon + "-first").get("sequence"))
                .isEqualTo("1");
    }

    @Test
    void shouldAnswerLimitReachedAfterTheDecisionOnAnEarlierRequest() {
        // given
        defineForTwoPerUser();
        ingress.claim(coupon, "u1", WAIT);

        // when
        CompletableFuture<Reply> third = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-second");
            return waitingClaim("-third");
        });

        // then
        assertThat(third.join().problem()).isEqualTo("409 limit-reached");
        assertThat(third.join().json().path("sequences").toString()).isEqualTo("[1,2]");
        assertThat(third.join().get("requestId")).isEqualTo(coupon + "-third");
    }

    @Test
    void shouldPointToTheEarlierRequestOfSeveralAfterTheWait() {
        // given
        defineForTwoPerUser();

        // when
        Reply second = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-first");
            return ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-second", "Prefer", "wait=1");
        });

        // then
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.get("requestId")).isEqualTo(coupon + "-first");
    }

    private void defineForTwoPerUser() {
        ingress.admin("PUT", coupon, """
                {"name":"Coffee","stock":9,"opensAt":"2026-01-01T00:00:00Z","closesAt":"2096-01-01T00:00:00Z",\
                "perUser":2}""");
        REDIS.awaitFacts(coupon);
    }

    private CompletableFuture<Reply> waitingClaim(String key) {
        double waiting = ingress.metric(CLAIMS_WAITING);
        CompletableFuture<Reply> claim = ingress.claimAsync(coupon, "u1", "Idempotency-Key", coupon + key, "Prefer",
                "wait=30");
        await().until(() -> claim.isDone() || ingress.metric(CLAIMS_WAITING) > waiting);
        assertThat(claim).isNotDone();
        return claim;
    }

    @Test
    void shouldIssueFreedStockToAWaitingClaim() {
        // given
        define(1);
        REDIS.awaitFacts(coupon);
        var data = new GateData(REDIS.client(), campaign.couponId());
        data.reservation("other", coupon + "-other", Instant.now().plusSeconds(600));
        double full = ingress.metric(FULL);
        CompletableFuture<Reply> waiting = ingress.claimAsync(coupon, "u1", WAIT);
        await().until(() -> ingress.metric(FULL) > full);

        // when
        try (var log = new LogWriter()) {
            log.write(campaign.rejected(coupon + "-other", "other", RejectionReason.PAUSED));
        }

        // then: 503 only on a machine so slow that the stock wait of one second is too short
        assertThat(waiting.join().problem()).isIn("201 ", "503 stock-reserved");
        await().until(() -> ingress.claim(coupon, "u1", WAIT).status() != 503);
        assertThat(ingress.get("/v1/coupons/" + coupon).get("issued")).isEqualTo("1");
    }

    @Test
    void shouldWriteAClaimWhenTheReservedRequestIsUnknown() {
        // given
        define(3);
        REDIS.awaitFacts(coupon);
        REDIS.client().zadd("fc:{" + coupon + "}:inflight", Instant.now().plusSeconds(600).toEpochMilli(), "u1");
        REDIS.client().hset("fc:{" + coupon + "}:requests", "u1", "of-another-ingress");

        // when
        Reply own = ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-own", "Prefer", "wait=30");

        // then
        assertThat(own.status()).isEqualTo(201);
        assertThat(own.get("requestId")).isEqualTo(coupon + "-own");
    }

    @Test
    void shouldNotAnswerSoldOutForReservedStock() {
        // given
        define(1);
        REDIS.awaitFacts(coupon);

        // when
        Reply refused = whileTheAuthorityIsHeld(() -> {
            ingress.claim(coupon, "u1");
            return ingress.claim(coupon, "u2");
        });

        // then
        assertThat(refused.problem()).isEqualTo("503 stock-reserved");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(ingress.get("/v1/coupons/" + coupon + "/requests/" + refused.get("requestId")).status())
                .as("not in the log").isEqualTo(404);
    }

    @Test
    void shouldAnswerSoldOutToAWaitingClaim() {
        TestIngress longWait = TestIngress.withLongStockWait(Map.of());
        try (longWait) {
            // given
            longWait.define(coupon, 1);
            REDIS.awaitFacts(coupon);

            // when
            CompletableFuture<Reply> waiting = whileTheAuthorityIsHeld(() -> {
                longWait.claim(coupon, "u1");
                CompletableFuture<Reply> second = longWait.claimAsync(coupon, "u2");
                await().until(() -> longWait.metric(FULL) > 0);
                return second;
            });

            // then
            assertThat(waiting.join().problem()).isEqualTo("409 sold-out");
        }
    }

    @Test
    void shouldAnswer422ForAKeyOfAnotherCoupon() {
        // given
        define(3);
        Campaign other = Campaign.openForLong();
        ingress.define(other.id(), 3);
        ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k");

        // when
        Reply reused = ingress.claim(other.id(), "u1", "Idempotency-Key", coupon + "-k");

        // then
        assertThat(reused.problem()).isEqualTo("422 idempotency-key-reused");
        assertThat(ingress.claim(other.id(), "u2", "Idempotency-Key", coupon + "-k").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{}", "{", "{\"userId\":null}", "{\"userId\":1}", "{\"userId\":\"a b\"}",
        "{\"userId\":\"u1\",\"more\":1}", "{\"userId\":\"u1\"} x", "{\"userId\":\"u1\",\"userId\":\"u2\"}"})
    void shouldAnswer400ForABodyThatIsNoClaim(String body) {
        // when
        Reply refused = ingress.post("/v1/coupons/" + coupon + "/issues", body);

        // then
        assertThat(refused.problem()).isEqualTo("400 invalid-request");
        assertThat(refused.get("field")).isNotEmpty();
        assertThat(refused.get("requestId")).isNotEmpty();
    }

    @Test
    void shouldRefuseInvalidIdsAndLargeBodies() {
        assertThat(ingress.claim("a.b", "u1").get("field")).isEqualTo("couponId");
        assertThat(ingress.claim(coupon, "u1", "Idempotency-Key", "not a key").get("field"))
                .isEqualTo("Idempotency-Key");
        assertThat(ingress.claim(coupon, "u".repeat(5000)).problem()).isEqualTo("413 too-large");
    }

    @Test
    void shouldCountItsAnswers() {
        // given
        define(1);
        REDIS.awaitFacts(coupon);
        ingress.claim(coupon, "u1", WAIT);
        ingress.claim(coupon, "u2");

        // when
        String metrics = ingress.get("/metrics").text();

        // then
        assertThat(metrics).contains("firstcome_claims_total{answer=\"ISSUED\"")
                .contains("firstcome_claims_total{answer=\"SOLD_OUT\"")
                .contains("firstcome_gate_replies_total{reply=\"ADMITTED\"")
                .contains("firstcome_gate_projector_lag_records").contains("kafka_producer_record_send_total");
    }

    private void define(long stock) {
        assertThat(ingress.define(coupon, stock).status()).isIn(200, 201);
    }

    private double gateReplies() {
        return ingress.metric("firstcome_gate_replies_total");
    }

    private <T> T whileTheAuthorityIsHeld(Supplier<T> action) {
        KafkaServer.authority().hold(coupon);
        try {
            return action.get();
        } finally {
            KafkaServer.authority().resume(coupon);
        }
    }
}
