package io.firstcome.ingress.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;

@ResourceLock(IngressExtension.SHARED_INGRESSES)
class ConsoleRoutesTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private static final String RUSH = "/v1/console/rush";
    private static final String[] WAIT = {"Prefer", "wait=30"};

    private final TestIngress ingress = INGRESSES.one();
    private final Campaign campaign = Campaign.openForLong();
    private final String coupon = campaign.id();
    private final String holders = "/v1/console/coupons/" + coupon + "/holders";

    @Test
    void shouldServeThePageWithoutForeignResources() {
        // given
        var references = Pattern.compile("(?:src|href)=\"([^\"]+)\"|from '([^']+)'");
        List<String> toLoad = new ArrayList<>(List.of("/"));
        Set<String> loaded = new HashSet<>();

        // when
        while (!toLoad.isEmpty()) {
            String path = toLoad.removeLast();
            Reply part = ingress.admin("GET", path, "", "Accept", "*/*");
            assertThat(part.status()).as(path).isEqualTo(200);
            assertThat(part.header("Content-Security-Policy")).startsWith("default-src 'none'; script-src 'self';");
            assertThat(part.text()).doesNotContain("https://", "style=\"", "<style", "onclick=\"");
            references.matcher(part.text()).results().map(it -> it.group(1) == null ? it.group(2) : it.group(1))
                    .filter(loaded::add).forEach(toLoad::add);
        }

        // then
        assertThat(loaded).hasSize(11).allMatch(it -> it.startsWith("/console/"));
        assertThat(ingress.get("/").text()).contains("/docs", "/problems", "/openapi.yaml").doesNotContain("console");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"index.html.", "ConsolePage.class", "..", "%2e%2e", "..%2fdocuments%2fdocs.html", "x%00.js"})
    void shouldServeNoOtherFile(String file) {
        assertThat(ingress.admin("GET", "/console/" + file, "").status()).isBetween(400, 404);
    }

    @Test
    void shouldStreamWhatTheConsoleShows() throws IOException {
        // given
        ingress.define(coupon, 1);
        ingress.claim(coupon, "before", WAIT);

        // when
        Map<String, JsonNode> latest = new LinkedHashMap<>();
        List<JsonNode> ticks = new ArrayList<>();
        try (var lines = lines(ingress.followConsole("?couponId=" + coupon))) {
            readUntil(lines, latest, ticks, () -> latest.containsKey("status") && ticks.size() > 1);
            ingress.claim(coupon, "after", "Prefer", "wait=30", "Idempotency-Key", coupon + "-after");
            readUntil(lines, latest, ticks, () -> ticks.getLast().at("/answers/SOLD_OUT").asLong() > ticks.getFirst()
                    .at("/answers/SOLD_OUT").asLong());
        }

        // then
        assertThat(latest.get("settings").path("rushOffered").asBoolean()).isTrue();
        assertThat(latest.get("status").path("components").size()).isEqualTo(5);
        assertThat(latest.get("coupons").path("coupons").findValuesAsText("couponId")).contains(coupon);
        assertThat(ticks.getFirst().at("/coupon/outcomes/0/data/userId").asText()).isEqualTo("before");
        assertThat(ticks).extracting(it -> it.at("/coupon/issued").asInt()).containsOnly(0);
        assertThat(ticks.getLast().at("/coupon/state/remaining").asInt()).isZero();
    }

    private static BufferedReader lines(HttpResponse<InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
    }

    private static void readUntil(BufferedReader lines, Map<String, JsonNode> latest, List<JsonNode> ticks,
            BooleanSupplier enough) throws IOException {
        String name = "";
        do {
            String line = lines.readLine();
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                JsonNode data = json(line.substring(6));
                latest.put(name, data);
                if (name.equals("tick")) {
                    ticks.add(data);
                }
            }
        } while (ticks.isEmpty() || !enough.getAsBoolean());
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(UTF_8), JsonNode.class);
    }

    @Test
    void shouldServeALimitedNumberOfConsoles() throws IOException {
        // given
        List<HttpResponse<InputStream>> streams = new ArrayList<>();

        // when
        Reply refused;
        try {
            await().until(() -> {
                HttpResponse<InputStream> stream = ingress.followConsole("");
                streams.add(stream);
                return stream.statusCode() == 503;
            });
            refused = ingress.admin("GET", "/v1/console/stream", "");
        } finally {
            for (HttpResponse<InputStream> stream : streams) {
                stream.body().close();
            }
        }

        // then
        assertThat(refused.problem()).isEqualTo("503 overloaded");
        assertThat(streams.size()).isBetween(10, 17);
        await().until(() -> {
            HttpResponse<InputStream> stream = ingress.followConsole("");
            stream.body().close();
            return stream.statusCode() == 200;
        });
    }

    @Test
    void shouldFindHoldersByUserAndByRequest() {
        // given
        ingress.define(coupon, 2);
        ingress.claim(coupon, "amy", "Idempotency-Key", coupon + "-amy", "Prefer", "wait=30");
        ingress.claim(coupon, "bob", "Idempotency-Key", coupon + "-bob", "Prefer", "wait=30");
        ingress.admin("DELETE", coupon + "/issues/bob", "");

        // when
        JsonNode all = ingress.admin("GET", holders, "").json();
        JsonNode page = ingress.admin("GET", holders + "?after=amy", "").json();
        JsonNode amy = ingress.admin("GET", holders + "?userId=amy", "").json();
        JsonNode bob = ingress.admin("GET", holders + "?userId=bob", "").json();
        JsonNode issued = ingress.admin("GET", holders + "?requestId=" + coupon + "-amy", "").json();
        JsonNode revoked = ingress.admin("GET", holders + "?requestId=" + coupon + "-bob", "").json();
        JsonNode none = ingress.admin("GET", holders + "?requestId=none", "").json();

        // then
        assertThat(all.path("holders").findValuesAsText("userId")).containsExactly("amy", "bob");
        assertThat(page.path("holders").findValuesAsText("userId")).containsExactly("bob");
        assertThat(amy.at("/holders/0/sequence").asLong()).isEqualTo(1);
        assertThat(bob.path("holders")).isEmpty();
        assertThat(issued.at("/request/status").asText()).isEqualTo("ISSUED");
        assertThat(revoked.at("/request/status").asText()).isEqualTo("REVOKED");
        assertThat(none.at("/request/status").asText()).isEqualTo("NOT_ISSUED");
    }

    @Test
    void shouldShowARequestThatIsNotDecided() {
        // given
        ingress.define(coupon, 2);
        KafkaServer.authority().hold(coupon);

        // when
        JsonNode pending;
        try {
            ingress.claim(coupon, "amy", "Idempotency-Key", coupon + "-amy");
            pending = ingress.admin("GET", holders + "?requestId=" + coupon + "-amy", "").json();
        } finally {
            KafkaServer.authority().resume(coupon);
        }

        // then
        assertThat(pending.path("request").toString()).isEqualTo("{\"requestId\":\"%s-amy\",\"status\":\"PENDING\","
                .formatted(coupon) + "\"userId\":\"amy\"}");
    }

    @Test
    void shouldKnowNoHoldersOfAnArchivedCoupon() {
        // given
        ingress.define(coupon, 1, Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2025-02-01T00:00:00Z"));
        ingress.admin("POST", coupon + "/archive", "");

        // when
        JsonNode found = ingress.admin("GET", holders + "?userId=amy", "").json();
        Reply refused = rush(1);

        // then
        assertThat(found.path("forgotten").asBoolean()).isTrue();
        assertThat(refused.problem()).isEqualTo("409 coupon-closed");
    }

    @Test
    void shouldNotSearchByUserAndRequestTogether() {
        // given
        ingress.define(coupon, 1);

        // when
        Reply refused = ingress.admin("GET", holders + "?userId=amy&requestId=r1", "");

        // then
        assertThat(refused.problem() + " " + refused.get("field")).isEqualTo("400 invalid-request requestId");
    }

    @Test
    void shouldAnswer404ForAnUnknownCoupon() {
        assertThat(ingress.admin("GET", holders, "").problem()).isEqualTo("404 unknown-coupon");
        assertThat(rush(1).problem()).isEqualTo("404 unknown-coupon");
    }

    /** The authority of the tests does not know a coupon that was written to the log past the authority. */
    @Test
    void shouldAnswer503WithoutTheAuthority() {
        // given
        try (var log = new LogWriter()) {
            log.write(campaign.state(1, 3, 0));
        }

        // then
        await().untilAsserted(
                () -> assertThat(ingress.admin("GET", holders, "").problem()).isEqualTo("503 unavailable"));
    }

    private Reply rush(int users) {
        return ingress.admin("POST", RUSH, "{\"couponId\":\"%s\",\"users\":%d}".formatted(coupon, users));
    }

    private JsonNode awaitRush() {
        return await().until(() -> ingress.admin("GET", RUSH, "").json().path("rush"),
                it -> it.path("state").asText().equals("DONE"));
    }

    @Test
    void shouldCheckARushAgainstTheHolders() {
        // given
        ingress.define(coupon, 5);

        // when
        Reply begun = rush(30);
        JsonNode done = awaitRush();

        // then
        assertThat(begun.status()).isEqualTo(202);
        assertThat(done.path("claims").asInt()).isEqualTo(33);
        assertThat(done.path("answered").asInt()).isEqualTo(33);
        assertThat(done.path("issued").asInt()).isEqualTo(5);
        assertThat(done.at("/rejected/sold-out").asInt() + done.at("/rejected/already-issued").asInt()).isEqualTo(28);
        assertThat(done.path("winners").findValuesAsText("sequence")).containsExactly("1", "2", "3", "4", "5");
        assertThat(done.at("/waitsOfWinners/maxMs").asLong())
                .isGreaterThanOrEqualTo(done.at("/waitsOfWinners/p50Ms").asLong());
        assertThat(done.path("guarantees").findValuesAsText("result")).containsExactly("PASS", "PASS", "PASS", "PASS");
        assertThat(done.path("result").asText()).isEqualTo("PASS");
    }

    @Test
    void shouldRunOneRushAtATime() {
        // given
        ingress.define(coupon, 5);
        KafkaServer.authority().hold(coupon);

        // when
        Reply second;
        Reply stopped;
        try {
            rush(10);
            second = rush(10);
            stopped = ingress.admin("DELETE", RUSH, "");
        } finally {
            KafkaServer.authority().resume(coupon);
        }
        JsonNode done = awaitRush();

        // then
        assertThat(second.problem()).isEqualTo("503 overloaded");
        assertThat(stopped.status()).isEqualTo(200);
        assertThat(done.path("answered").asInt() + done.path("notSent").asInt()).isEqualTo(11);
        // A rush that is stopped before its first claim has nothing to compare.
        assertThat(done.path("result").asText()).isIn("PASS", "UNKNOWN");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"users\":1}|couponId", "{\"couponId\":\"c\",\"users\":0}|users",
        "{\"couponId\":\"c\",\"users\":10001}|users", "{\"couponId\":\"c\"}|users"})
    void shouldNameTheInvalidFieldOfARush(String body, String field) {
        // when
        Reply refused = ingress.admin("POST", RUSH, body);

        // then
        assertThat(refused.problem() + " " + refused.get("field")).isEqualTo("400 invalid-request " + field);
    }
}
