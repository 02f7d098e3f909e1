package io.firstcome.ingress.claims;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import com.nimbusds.jose.jwk.ECKey;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.ingress.testing.TokenIssuer;
import io.firstcome.testing.Campaign;
import io.firstcome.testkit.fixture.UserIds;

class ClaimIdentityTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.startedBy(ClaimIdentityTest::start);

    private static final TokenIssuer ISSUER = new TokenIssuer();
    private static final ECKey KEY = ISSUER.publish(TokenIssuer.ecKey("key"));

    static final List<String> USERS = UserIds.EXAMPLES;

    private final TestIngress ingress = INGRESSES.one();
    private final String coupon = Campaign.openForLong().id();
    private final String path = "/v1/coupons/" + coupon;

    private static TestIngress start() {
        Map<String, String> environment = new HashMap<>(ISSUER.environment());
        environment.put("FIRSTCOME_PROCESSOR_URL", "http://127.0.0.1:1");
        environment.put("FIRSTCOME_USERS_MAY_REVOKE", "true");
        return TestIngress.with(environment);
    }

    @AfterAll
    static void stop() {
        ISSUER.close();
    }

    @BeforeEach
    void define() {
        ingress.define(coupon, 100);
    }

    @Test
    void shouldClaimForTheUserOfTheToken() {
        // when
        Reply claimed = ingress.post(path + "/issues", "{}", bearer("u1"));

        // then
        assertThat(claimed.status()).isEqualTo(202);
        assertThat(claimed.get("userId")).isEqualTo("u1");
        assertThat(claimed.headers().allValues("RateLimit-Policy")).as("no limit per user without trusted user ids")
                .containsExactly("\"address\";q=2000;w=2");
        assertThat(ingress.claim(coupon, "u1", bearer("u1")).status()).isIn(202, 409);
    }

    @Test
    void shouldNotClaimForAnotherUser() {
        assertThat(ingress.claim(coupon, "u2", bearer("u1")).problem()).isEqualTo("403 forbidden");
        assertThat(ingress.claim(coupon, "u2").problem()).isEqualTo("401 unauthenticated");
    }

    @Test
    void shouldDecideAKeyThatAnotherUserHasUsed() {
        // given
        String key = coupon + "-summer";
        Reply ofMallory = claimWithKey(coupon, key, "mallory");
        assertThat(ofMallory.get("status")).isEqualTo("ISSUED");

        // when
        Reply ofAlice = claimWithKey(coupon, key, "alice");

        // then
        assertThat(ofAlice.get("status")).isEqualTo("ISSUED");
        assertThat(ofAlice.get("userId")).isEqualTo("alice");
        String request = path + "/requests/" + key;
        assertThat(ingress.get(request, bearer("alice")).get("sequence")).isEqualTo(ofAlice.get("sequence"));
        assertThat(ingress.get(request, bearer("mallory")).get("sequence")).isEqualTo(ofMallory.get("sequence"));
        assertThat(claimWithKey(coupon, key, "mallory").text()).isEqualTo(ofMallory.text());
    }

    @Test
    void shouldNotTellWhetherAnotherUserHasUsedAKey() {
        // given
        String other = Campaign.openForLong().id();
        ingress.define(other, 1);
        String used = coupon + "-used";
        claimWithKey(coupon, used, "alice");

        // when
        Reply status = ingress.get(path + "/requests/" + used, bearer("mallory"));
        Reply named = ingress.get(path + "/requests/" + used + "?userId=alice", bearer("mallory"));
        Reply claimed = claimWithKey(other, used, "mallory");

        // then
        Reply unused = ingress.get(path + "/requests/" + coupon + "-free", bearer("mallory"));
        assertThat(status.problem()).isEqualTo("404 unknown-request").isEqualTo(unused.problem());
        assertThat(named.problem()).isEqualTo("403 forbidden").isEqualTo(
                ingress.get(path + "/requests/" + coupon + "-free?userId=alice", bearer("mallory")).problem());
        assertThat(claimed.status()).isEqualTo(201);
    }

    private Reply claimWithKey(String ofCoupon, String key, String user) {
        return ingress.post("/v1/coupons/" + ofCoupon + "/issues", "{}", "Idempotency-Key", key, "Prefer", "wait=30",
                "Authorization", "Bearer " + TokenIssuer.token(KEY, user));
    }

    @Test
    void shouldShowARequestOnlyToItsUser() {
        // when
        String request = ingress.post(path + "/issues", "{}", bearer("u1")).header("Location");

        // then
        String withoutUser = request.substring(0, request.indexOf('?'));
        assertThat(ingress.get(request, bearer("u1")).get("userId")).isEqualTo("u1");
        assertThat(ingress.get(request, bearer("u2")).problem()).isEqualTo("403 forbidden");
        assertThat(ingress.get(withoutUser, bearer("u2")).problem()).isEqualTo("404 unknown-request");
        assertThat(ingress.get(request).problem()).isEqualTo("401 unauthenticated");
        await().untilAsserted(() -> assertThat(ingress.get(request, bearer("u1")).get("status")).isEqualTo("ISSUED"));
        assertThat(ingress.get(request, bearer("u2")).problem()).as("decided").isEqualTo("403 forbidden");
        assertThat(ingress.get(withoutUser, bearer("u2")).problem()).as("decided").isEqualTo("404 unknown-request");
    }

    @Test
    void shouldShowAnIssueOnlyToItsUser() {
        assertThat(ingress.get(path + "/issues/u1", bearer("u1")).problem()).as("the authority is away")
                .isEqualTo("503 unavailable");
        assertThat(ingress.get(path + "/issues/u2", bearer("u1")).problem()).isEqualTo("403 forbidden");
        assertThat(ingress.get(path + "/issues/u1").problem()).isEqualTo("401 unauthenticated");
    }

    @Test
    void shouldRevokeOnlyTheUsersOwnCoupon() {
        // given
        ingress.claim(coupon, "u1", "Authorization", bearer("u1")[1], "Prefer", "wait=30");

        // when
        Reply ofAnother = ingress.call("DELETE", path + "/issues/u1", "", bearer("u2"));
        Reply anonymous = ingress.call("DELETE", path + "/issues/u1", "");
        Reply revoked = ingress.call("DELETE", path + "/issues/u1", "", bearer("u1"));
        Reply again = ingress.call("DELETE", path + "/issues/u1", "", bearer("u1"));

        // then
        assertThat(ofAnother.problem()).isEqualTo("403 forbidden");
        assertThat(anonymous.problem()).isEqualTo("401 unauthenticated");
        assertThat(revoked.get("sequence")).isEqualTo("1");
        assertThat(again.problem()).isEqualTo("404 no-such-issue");
    }

    @ParameterizedTest
    @FieldSource("USERS")
    void shouldRevokeForEveryFormOfAUserId(String user) {
        // given
        ingress.claim(coupon, user, "Authorization", bearer(user)[1], "Prefer", "wait=30");
        String issue = path + "/issues/" + HexFormat.of().withUpperCase().withPrefix("%")
                .formatHex(user.getBytes(UTF_8));

        // when
        Reply ofAnother = ingress.call("DELETE", issue, "", bearer("mallory"));
        Reply revoked = ingress.call("DELETE", issue, "", bearer(user));

        // then
        assertThat(ofAnother.problem()).isEqualTo("403 forbidden");
        assertThat(revoked.get("userId")).isEqualTo(user);
        assertThat(revoked.get("sequence")).isEqualTo("1");
    }

    @Test
    void shouldNotRevokeAnUnknownCoupon() {
        // when
        Reply unknown = ingress.call("DELETE", path + "-x/issues/u1", "", bearer("u1"));

        // then
        assertThat(unknown.problem()).isEqualTo("404 unknown-coupon");
    }

    @Test
    void shouldShowCouponsWithoutAToken() {
        assertThat(ingress.get(path).status()).isEqualTo(200);
        assertThat(ingress.get(path + "/stock").problem()).as("the authority is away").isEqualTo("503 unavailable");
    }

    private static String[] bearer(String user) {
        return new String[]{"Authorization", "Bearer " + TokenIssuer.token(KEY, user)};
    }
}
