package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.id.CouponId;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.ingress.limits.StockWaiters;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;

class IngressSettingsTest {

    private static final String TOKEN = "let-me-in-by-this-door";

    @Test
    void shouldRequireOnlyTheAdminToken() {
        // when
        IngressSettings settings = IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN));

        // then
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.toString()).doesNotContain(TOKEN);
    }

    @Test
    void shouldReadSeveralUrlsOfAService() {
        // when
        IngressSettings settings = IngressSettings
                .from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN, "FIRSTCOME_SINK_URL", "http://a:1, https://b:2"));

        // then
        assertThat(settings.http().sinks()).containsExactly(URI.create("http://a:1"), URI.create("https://b:2"));
    }

    @Test
    void shouldHideTheRedisPassword() {
        // when
        IngressSettings settings = IngressSettings
                .from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN, "FIRSTCOME_REDIS_URL",
                        "redis://me:hidden@10.0.0.1:6379/2"));

        // then
        assertThat(settings.toString()).contains("10.0.0.1:6379").doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource({"FIRSTCOME_REDIS_URL,redis://me:hidden@10.0.0.1", "FIRSTCOME_REDIS_URL,redis://me:hid den@hidden:6379",
        "FIRSTCOME_JWKS,https://me:hidden@host/keys", "FIRSTCOME_PROCESSOR_URL,http://me:hidden@host:1",
        "FIRSTCOME_JWKS,https://me:hid den@hidden/keys",
        "FIRSTCOME_PROCESSOR_URL,ftp://me:hidden@host"})
    void shouldHideTheCredentialsOfAnInvalidAddress(String key, String value) {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN, key, value)))
                .isInstanceOf(StartFailure.class).hasMessageContaining(key).hasMessageNotContaining("me:")
                .hasMessageNotContaining("hid ");
    }

    @ParameterizedTest
    @CsvSource({"FIRSTCOME_ADMIN_TOKEN,''", "FIRSTCOME_ADMIN_TOKEN,' '",
        "FIRSTCOME_USER_CLAIMS_PER_SECOND,-1", "FIRSTCOME_ADDRESS_CLAIMS_PER_SECOND,-1",
        "FIRSTCOME_ADDRESS_CLAIMS_PER_SECOND,many", "FIRSTCOME_CLAIMS_IN_FLIGHT_MAX,0",
        "FIRSTCOME_STOCK_WAITERS_MAX,-1",
        "FIRSTCOME_TRUSTED_PROXIES,localhost", "FIRSTCOME_FORWARDING_HEADER,X-Real-IP", "FIRSTCOME_AUTH,basic",
        "FIRSTCOME_JWT_ALGORITHMS,HS256", "FIRSTCOME_JWT_ALGORITHMS,none", "FIRSTCOME_JWT_ALGORITHMS,''",
        "FIRSTCOME_USERS_MAY_REVOKE,yes", "FIRSTCOME_USERS_MAY_REVOKE,true",
        "FIRSTCOME_JWKS,https://", "FIRSTCOME_REDIS_URL,localhost:6379",
        "FIRSTCOME_REDIS_URL,http://localhost:6379", "FIRSTCOME_REDIS_URL,redis://localhost",
        "FIRSTCOME_REDIS_TIMEOUT_MS,51",
        "FIRSTCOME_PROCESSOR_URL,127.0.0.1:8082", "FIRSTCOME_SINK_URL,'http://a:1,'",
        "FIRSTCOME_SINK_URL,'http://a:1,http://a:1'", "FIRSTCOME_HTTP_PORT,65536", "FIRSTCOME_STOCK_WAIT_MS,1001",
        "FIRSTCOME_ACK_TIMEOUT_MS,soon"})
    void shouldNameTheKeyOfAnInvalidValue(String key, String value) {
        // given
        Map<String, String> environment = key.equals("FIRSTCOME_ADMIN_TOKEN")
                ? Map.of(key, value)
                : Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN, key, value);

        // when
        Throwable failure = catchThrowable(() -> IngressSettings.from(environment));

        // then
        assertThat(failure).isInstanceOf(StartFailure.class).hasMessageContaining(key);
    }

    @Test
    void shouldLeaveConnectionsBeyondTheDefaultLimits() {
        // when
        IngressSettings settings = IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN));

        // then
        int statusWaits = settings.protection().inFlight() / 2;
        assertThat(settings.protection().maxDecisionWaiters()).hasValue(settings.protection().inFlight());
        assertThat(2 * settings.protection().inFlight() + settings.protection().stockWaiters() + statusWaits
                + settings.events().subscribers())
                .isLessThan(settings.server().connections());
    }

    @ParameterizedTest
    @CsvSource({"20000,'',5000,5556", "19056,'',5000,5277", "13501,'',2500,2500", "8502,'',1,0", "8501,'',0,0",
        "13501,4000,4000,1000", "20000,0,0,5556"})
    void shouldLetWaitersShareTheConnectionsLeft(String connections, String setWaiters, int decisionWaiters,
            int stockWaiters) {
        // when
        IngressSettings settings = IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN,
                "FIRSTCOME_HTTP_CONNECTIONS_MAX", connections, "FIRSTCOME_DECISION_WAITERS_MAX", setWaiters));

        // then
        assertThat(settings.protection().decisionWaiters()).isEqualTo(decisionWaiters);
        assertThat(settings.protection().stockWaiters()).isEqualTo(stockWaiters);
    }

    @ParameterizedTest
    @CsvSource({"100,10,0,160", "100,10,0,100", "100,50,200,400", "5000,1000,5000,13500", "1000000,1,1000000,1000000"})
    void shouldRefuseLimitsThatTakeAllConnections(String inFlight, String subscribers, String waiters,
            String connections) {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN,
                "FIRSTCOME_CLAIMS_IN_FLIGHT_MAX", inFlight, "FIRSTCOME_EVENT_SUBSCRIBERS_MAX", subscribers,
                "FIRSTCOME_DECISION_WAITERS_MAX", waiters, "FIRSTCOME_HTTP_CONNECTIONS_MAX", connections)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("FIRSTCOME_CLAIMS_IN_FLIGHT_MAX=" + inFlight)
                .hasMessageContaining("FIRSTCOME_EVENT_SUBSCRIBERS_MAX=" + subscribers)
                .hasMessageContaining("FIRSTCOME_DECISION_WAITERS_MAX=" + waiters)
                .hasMessageContaining("FIRSTCOME_HTTP_CONNECTIONS_MAX=" + connections).hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({"10999,10000,500", "12000,12000,500", "12000,10000,1501", "1499,1000,0"})
    void shouldRefuseAReservationThatASendingOutlives(String reservation, String ack, String skew) {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN,
                "FIRSTCOME_RESERVATION_MS", reservation, "FIRSTCOME_ACK_TIMEOUT_MS", ack, "FIRSTCOME_CLOCK_SKEW_MS",
                skew)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_RESERVATION_MS=" + reservation)
                .hasMessageContaining("FIRSTCOME_ACK_TIMEOUT_MS=" + ack)
                .hasMessageContaining("FIRSTCOME_CLOCK_SKEW_MS=" + skew).hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({"12000,10000,500", "11000,10000,500", "1500,1000,0"})
    void shouldAcceptAReservationThatOutlivesASending(String reservation, String ack, String skew) {
        assertThatCode(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN,
                "FIRSTCOME_RESERVATION_MS", reservation, "FIRSTCOME_ACK_TIMEOUT_MS", ack, "FIRSTCOME_CLOCK_SKEW_MS",
                skew))).doesNotThrowAnyException();
    }

    @Test
    void shouldLetAnAnswerTakeAllWaitsOfAClaim() {
        // given
        IngressSettings settings = IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN,
                "FIRSTCOME_ACK_TIMEOUT_MS", "5000", "FIRSTCOME_STOCK_WAIT_MS", "700"));

        // when
        Duration longest = settings.longestAnswer();

        // then: twice for stock, 2 s for the gate and another request, the log, and 2 s of processing
        assertThat(longest).isEqualTo(Duration.ofMillis(2 * 700 + 2000 + 5000 + 2000));
    }

    @Test
    void shouldRefuseToForgetRequestsBeforeTheirReservationsEnd() {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN,
                "FIRSTCOME_RESERVATION_MS", "60000", "FIRSTCOME_REQUESTS_RETENTION_MS", "59999")))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_REQUESTS_RETENTION_MS=59999")
                .hasMessageContaining("FIRSTCOME_RESERVATION_MS=60000").hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIRSTCOME_JWT_ISSUER", "FIRSTCOME_JWT_AUDIENCE"})
    void shouldRefuseARequiredClaimWithoutTokenVerification(String key) {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN, key, "firstcome")))
                .isInstanceOf(StartFailure.class).hasMessageContaining(key)
                .hasMessageContaining("FIRSTCOME_AUTH").hasMessageNotContaining("\n");
    }

    @Test
    void shouldLetAsManyClaimsOfOneCouponWaitForStockAsMayBeInFlight() {
        // given
        ProtectionSettings settings = IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN)).protection();
        var waiters = new StockWaiters(settings.stockWaiters());
        var coupon = new CouponId("hot");

        // when
        int waiting = 0;
        while (waiters.tryJoin(coupon)) {
            waiting++;
        }

        // then
        assertThat(waiting).isGreaterThanOrEqualTo(settings.inFlight());
        assertThat(waiters.tryJoin(new CouponId("other"))).as("another coupon's claim").isTrue();
    }

    @Test
    void shouldRefuseKeysWithoutTokenVerification() {
        assertThatThrownBy(() -> IngressSettings
                .from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN, "FIRSTCOME_JWKS", "https://issuer.test/keys")))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_JWKS")
                .hasMessageContaining("FIRSTCOME_AUTH").hasMessageNotContaining("\n");
    }

    @Test
    void shouldRefuseTokenVerificationWithoutKeys() {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", TOKEN, "FIRSTCOME_AUTH", "jwt")))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_JWKS").hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "changemechangeme", "Firstcome-Admin-1", "admin-admin-admin-admin-admin",
        "changeme12345678", "1234567890123456", "aaaaaaaaaaaaaaaaaaaaaaaa", "only-15-letters",
        "SECRETsecretSECRETsecret!", "only-for-development", "Only-For-Development-2"})
    void shouldRefuseAWeakTokenWithoutShowingIt(String token) {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", token)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_ADMIN_TOKEN")
                .hasMessageNotContaining(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9f86d081884c7d659a2feaa0c55ad015", "aB3/dE6+gH9=jK2-mN5"})
    void shouldAcceptAStrongToken(String token) {
        assertThatCode(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", token))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"let me in by this door", "let-me-in-by-d\u00e4s-door", "let-me-in\u0001by-this-door"})
    void shouldRefuseATokenThatIsNoHeaderValue(String token) {
        assertThatThrownBy(() -> IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", token)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_ADMIN_TOKEN")
                .hasMessageContaining("visible").hasMessageNotContaining(token);
    }

    @Test
    void shouldDocumentEachKeyOnce() {
        assertThat(IngressSettings.ALL).extracting(Setting::key).doesNotHaveDuplicates()
                .allMatch(key -> key.startsWith("FIRSTCOME_"));
    }
}
