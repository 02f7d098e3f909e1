package io.firstcome.ingress.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;

@ResourceLock(IngressExtension.SHARED_INGRESSES)
class AdminRoutesTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();
    /** Ingresses that wait 200 ms for the authority's answer to a command. */
    @RegisterExtension
    static final IngressExtension SHORT_TIMEOUT = IngressExtension
            .startedBy(() -> TestIngress.with(Map.of("FIRSTCOME_ADMIN_TIMEOUT_MS", "200")));

    private static final String[] WAIT = {"Prefer", "wait=30"};

    private final TestIngress ingress = INGRESSES.one();
    private final String coupon = Campaign.openForLong().id();

    @Test
    void shouldCreateACoupon() {
        // when
        Reply created = ingress.define(coupon, 3);

        // then
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/v1/coupons/" + coupon);
        assertThat(created.json().toString()).isEqualTo("""
                {"couponId":"%s","name":"Coffee","status":"ACTIVE","stock":3,"issued":0,"revoked":0,\
                "remaining":3,"perUser":1,"reclaim":true,"opensAt":"2026-01-01T00:00:00Z",\
                "closesAt":"2096-01-01T00:00:00Z","version":1}""".formatted(coupon));
        assertThat(ingress.get("/v1/coupons/" + coupon).text()).as("visible when the command is answered")
                .isEqualTo(created.text());
    }

    @Test
    void shouldChangeACouponAndReturnItsState() {
        // given
        ingress.define(coupon, 3);

        // when
        Reply changed = ingress.define(coupon, 5);
        Reply unchanged = ingress.define(coupon, 5);
        List<Reply> commanded = Stream.of("/pause", "/resume", "/close")
                .map(command -> ingress.admin("POST", coupon + command, "")).toList();

        // then
        assertThat(changed.get("version")).isEqualTo("2");
        assertThat(unchanged.status()).isEqualTo(200);
        assertThat(unchanged.get("version")).isEqualTo("2");
        assertThat(commanded).extracting(it -> it.get("status")).containsExactly("PAUSED", "ACTIVE", "CLOSED");
    }

    @Test
    void shouldAnswer409ForAStockBelowTheIssued() {
        // given
        ingress.define(coupon, 3);
        ingress.claim(coupon, "u1", "Prefer", "wait=30");
        ingress.claim(coupon, "u2", "Prefer", "wait=30");

        // when
        Reply refused = ingress.define(coupon, 1);

        // then
        assertThat(refused.problem()).isEqualTo("409 stock-below-issued");
    }

    @Test
    void shouldDefineALimitPerUser() {
        // when
        Reply defined = define(3, ",\"perUser\":2,\"reclaim\":false");
        Reply reset = ingress.define(coupon, 3);
        Reply refused = define(3, ",\"perUser\":101");

        // then
        assertThat(defined.get("perUser")).isEqualTo("2");
        assertThat(defined.get("reclaim")).isEqualTo("false");
        assertThat(reset.get("perUser")).as("a definition replaces the one before").isEqualTo("1");
        assertThat(refused.get("field")).isEqualTo("perUser");
    }

    private Reply define(long stock, String more) {
        return ingress.admin("PUT", coupon, """
                {"name":"Coffee","stock":%d,"opensAt":"2026-01-01T00:00:00Z","closesAt":"2096-01-01T00:00:00Z"%s}"""
                .formatted(stock, more));
    }

    @Test
    void shouldRevokeAnIssuedCoupon() {
        // given
        ingress.define(coupon, 1);
        ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", WAIT[0], WAIT[1]);
        Reply soldOut = ingress.claim(coupon, "u2");

        // when
        Reply revoked = revoke("u1", "");
        Reply shown = ingress.get("/v1/coupons/" + coupon);
        Reply next = ingress.claim(coupon, "u2", WAIT);

        // then
        assertThat(soldOut.problem()).isEqualTo("409 sold-out");
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.get("sequence")).isEqualTo("1");
        assertThat(revoked.get("userId")).isEqualTo("u1");
        assertThat(revoked.get("revokedAt")).isNotEmpty();
        assertThat(revoked.get("requestId")).isEqualTo(revoked.header("Request-Id"));
        assertThat(List.of(shown.get("issued"), shown.get("revoked"), shown.get("remaining")))
                .containsExactly("1", "1", "1");
        assertThat(next.get("sequence")).as("the place is free at once").isEqualTo("2");
    }

    @Test
    void shouldShowTheClaimOfARevokedCoupon() {
        // given
        ingress.define(coupon, 2);
        ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", WAIT[0], WAIT[1]);

        // when
        revoke("u1", "");
        Reply request = ingress.get("/v1/coupons/" + coupon + "/requests/" + coupon + "-k");
        Reply again = ingress.claim(coupon, "u1", "Idempotency-Key", coupon + "-k");
        Reply other = ingress.claim(coupon, "u1", WAIT);

        // then
        assertThat(request.get("status")).isEqualTo("REVOKED");
        assertThat(request.get("sequence")).isEqualTo("1");
        assertThat(again.problem()).isEqualTo("409 revoked");
        assertThat(other.get("sequence")).as("the user may claim again with a new key").isEqualTo("2");
    }

    @Test
    void shouldNotIssueAgainWithoutReclaim() {
        // given
        define(2, ",\"reclaim\":false");
        ingress.claim(coupon, "u1", WAIT);

        // when
        revoke("u1", "");
        Reply refused = ingress.claim(coupon, "u1", WAIT);

        // then
        assertThat(refused.problem()).isEqualTo("409 revoked");
    }

    @Test
    void shouldRevokeTheCouponWithTheSequence() {
        // given
        define(9, ",\"perUser\":3");
        ingress.claim(coupon, "u1", WAIT);
        await().untilAsserted(() -> assertThat(ingress.claim(coupon, "u1", WAIT).status()).isEqualTo(201));

        // when
        Reply unnamed = revoke("u1", "");
        Reply first = revoke("u1", "?sequence=1");
        Reply repeated = revoke("u1", "?sequence=1");
        Reply other = revoke("u1", "");

        // then
        assertThat(unnamed.problem()).isEqualTo("409 sequence-required");
        assertThat(first.status()).isEqualTo(200);
        assertThat(repeated.get("revokedAt")).isEqualTo(first.get("revokedAt"));
        assertThat(other.get("sequence")).as("the only one that is left").isNotEqualTo("1");
    }

    @Test
    void shouldAnswer404WhenNothingIsHeld() {
        // given
        ingress.define(coupon, 1);

        // when
        Reply nothing = revoke("u1", "");
        Reply unknown = ingress.admin("DELETE", coupon + "-x/issues/u1", "");

        // then
        assertThat(nothing.problem()).isEqualTo("404 no-such-issue");
        assertThat(unknown.problem()).isEqualTo("404 unknown-coupon");
    }

    @ParameterizedTest
    @CsvSource({"?sequence=0,sequence", "?sequence=x,sequence", "?sequence=1&sequence=2,sequence",
        "?sequence=9007199254740992,sequence", "?number=1,number"})
    void shouldNameAnInvalidParameterOfARevocation(String query, String field) {
        // when
        Reply refused = revoke("u1", query);

        // then
        assertThat(refused.problem()).isEqualTo("400 invalid-request");
        assertThat(refused.get("field")).isEqualTo(field);
    }

    private Reply revoke(String user, String query) {
        return ingress.admin("DELETE", coupon + "/issues/" + user + query, "");
    }

    @Test
    void shouldArchiveOnlyAnEndedCoupon() {
        // given
        String ended = coupon + "-ended";
        ingress.define(coupon, 3);
        ingress.define(ended, 3, Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z"));

        // when
        Reply refused = ingress.admin("POST", coupon + "/archive", "");
        Reply archived = ingress.admin("POST", ended + "/archive", "");
        Reply again = ingress.admin("POST", ended + "/archive", "");
        Reply claimed = ingress.claim(ended, "u2");
        Reply defined = ingress.define(ended, 5);

        // then
        assertThat(refused.problem()).isEqualTo("409 not-ended");
        assertThat(archived.get("status")).isEqualTo("ARCHIVED");
        assertThat(again.get("version")).isEqualTo(archived.get("version"));
        assertThat(claimed.problem()).isEqualTo("410 ended");
        assertThat(defined.problem()).isEqualTo("409 coupon-closed");
    }

    /** A holder who has lost the answer repeats the claim, and must not be told that the coupon has ended. */
    @Test
    void shouldNotArchiveBeforeTheCommandsHaveExpired() {
        // given
        ingress.define(coupon, 3);
        ingress.claim(coupon, "u1", "Prefer", "wait=30", "Idempotency-Key", coupon);
        ingress.admin("POST", coupon + "/close", "");

        // when
        Reply refused = ingress.admin("POST", coupon + "/archive", "");

        // then
        assertThat(refused.problem()).isEqualTo("409 not-ended");
        assertThat(refused.get("detail")).contains("can be archived from 20");
        assertThat(ingress.get("/v1/coupons/" + coupon).get("status")).isEqualTo("CLOSED");
        assertThat(ingress.claim(coupon, "u1", "Prefer", "wait=30", "Idempotency-Key", coupon).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "close", "archive"})
    void shouldAnswer404ForAnUndefinedCoupon(String command) {
        // when
        Reply refused = ingress.admin("POST", "undefined/" + command, "");

        // then
        assertThat(refused.problem()).isEqualTo("404 unknown-coupon");
        assertThat(refused.get("couponId")).isEqualTo("undefined");
    }

    @ParameterizedTest
    @CsvSource({"Authorization,let-me-in-by-this-door",
        "Authorization,Basic bGV0LW1lLWluLWJ5LXRoaXMtZG9vcg==",
        "Authorization,Bearer", "X-Other,Bearer let-me-in-by-this-door"})
    void shouldAnswer401WithoutTheAdminToken(String header, String value) {
        // when
        Reply refused = ingress.admin("PUT", coupon, "not read", header, value);

        // then
        assertThat(refused.problem()).isEqualTo("401 unauthorized");
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "name|{\"stock\":1,\"opensAt\":\"2026-01-01T00:00:00Z\",\"closesAt\":\"2026-01-02T00:00:00Z\"}",
        "name|{\"name\":\" \",\"stock\":1,\"opensAt\":\"2026-01-01T00:00:00Z\",\"closesAt\":\"2026-01-02T00:00:00Z\"}",
        "stock|{\"name\":\"a\",\"opensAt\":\"2026-01-01T00:00:00Z\",\"closesAt\":\"2026-01-02T00:00:00Z\"}",
        "stock|{\"name\":\"a\",\"stock\":0,\"opensAt\":\"2026-01-01T00:00:00Z\",\"closesAt\":\"2026-01-02T00:00:00Z\"}",
        "stock|{\"name\":\"a\",\"stock\":\"1\","
                + "\"opensAt\":\"2026-01-01T00:00:00Z\",\"closesAt\":\"2026-01-02T00:00:00Z\"}",
        "opensAt|{\"name\":\"a\",\"stock\":1,\"opensAt\":1767225600,\"closesAt\":\"2026-01-02T00:00:00Z\"}",
        "closesAt|{\"name\":\"a\",\"stock\":1,\"opensAt\":\"2026-01-01T00:00:00Z\"}",
        "closesAt|{\"name\":\"a\",\"stock\":1,"
                + "\"opensAt\":\"2026-01-02T00:00:00Z\",\"closesAt\":\"2026-01-02T00:00:00Z\"}",
        "couponId|{\"couponId\":\"x\",\"name\":\"a\",\"stock\":1}", "body|[]", "body|''"})
    void shouldNameTheInvalidFieldOfADefinition(String field, String body) {
        // when
        Reply refused = ingress.admin("PUT", coupon, body == null ? "" : body);

        // then
        assertThat(refused.problem()).isEqualTo("400 invalid-request");
        assertThat(refused.get("field")).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({"/pause,2", "/resume,1", "/close,2", "/archive,2", "/issues/u1,", "'',2"})
    void shouldAnswerOutcomeUnknownAfterTheTimeout(String command, String version) {
        // given
        Instant closesAt = Instant.parse(command.equals("/archive") ? "2026-02-01T00:00:00Z" : "2096-01-01T00:00:00Z");
        ingress.define(coupon, 3, Instant.parse("2026-01-01T00:00:00Z"), closesAt);

        // when
        Reply unknown;
        KafkaServer.authority().hold(coupon);
        try {
            unknown = send(SHORT_TIMEOUT.one(), command);
        } finally {
            KafkaServer.authority().resume(coupon);
        }

        // then
        assertThat(unknown.problem()).isEqualTo("503 outcome-unknown");
        assertThat(unknown.get("requestId")).isEqualTo(unknown.header("Request-Id"));
        if (version != null) {
            assertThat(send(ingress, command).get("version")).as("the command took effect").isEqualTo(version);
        }
    }

    private Reply send(TestIngress ingress, String command) {
        String method = command.startsWith("/issues") ? "DELETE" : "POST";
        return command.isEmpty() ? ingress.define(coupon, 4) : ingress.admin(method, coupon + command, "");
    }

    @Test
    void shouldServeOperatorsAndCallersOnDifferentPorts() {
        // given
        String[] token = {"Authorization", "Bearer " + TestIngress.TOKEN};

        // when
        Reply commanded = ingress.post("/v1/coupons/" + coupon + "/pause", "", token);
        Reply claimed = ingress.admin("POST", coupon + "/issues", "{\"userId\":\"u1\"}");
        Reply revoked = ingress.call("DELETE", "/v1/coupons/" + coupon + "/issues/u1", "", token);

        // then
        assertThat(commanded.status()).isEqualTo(404);
        assertThat(claimed.status()).isEqualTo(404);
        assertThat(revoked.problem()).as("users may not revoke by default").isEqualTo("403 forbidden");
    }
}
