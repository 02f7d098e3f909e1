package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.openqa.selenium.Keys;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.standalone.stack.Endpoints;

/** The console in a real browser, on a real system. Each page is also kept as a picture. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
@Order(1)
class ConsoleTest {

    private static final String CONFIRM = "dialog button[type=submit]";
    private static final String RESULT = ".result";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Endpoints endpoints;
    private Browser browser;

    ConsoleTest(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @BeforeEach
    void startBrowser() {
        browser = Browser.start("en-US");
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
        client.close();
    }

    @Test
    void shouldSellACouponFromCreationToRevocation() throws Exception {
        // given
        signIn();

        // when: create
        browser.click("#new-coupon");
        browser.type("input[name=name]", "Console sale");
        browser.type("input[name=stock]", "40");
        browser.click(CONFIRM);

        // then
        browser.awaitText("#coupon-name", "Console sale"::equals);
        browser.awaitText("[data-figure=remaining]", "40"::equals);
        assertThat(coupon("console-sale").path("stock").asInt()).isEqualTo(40);

        // when: rush until sold out
        rush(100);

        // then: the page and the API agree
        browser.awaitText(RESULT, "All guarantees held"::equals);
        browser.awaitText(".title .badge", "Sold out"::equals);
        browser.awaitText("[data-figure=held]", "40"::equals);
        assertThat(coupon("console-sale").path("issued").asInt()).isEqualTo(40);
        assertThat(authority("console-sale").path("issued").asInt()).isEqualTo(40);
        browser.awaitText(".holders-result", text -> text.contains("rush-"));
        assertThat(browser.height("td.end button.link")).as("one line").isLessThan(40);
        browser.screenshot("console-sold-out");

        // and: the parts around the coupon
        assertSystemIsUp();
        assertChartMoves();
        assertHolderIsFound();
        assertAllWinnersAreListed(40);

        // when: restock, and a second rush
        browser.click("[data-action=restock]");
        browser.type("dialog input[name=stock]", "55");
        browser.click(CONFIRM);
        browser.awaitText("[data-figure=remaining]", "15"::equals);
        rush(50);

        // then: more winners
        browser.awaitText("[data-figure=held]", "55"::equals);
        browser.awaitText(RESULT, "All guarantees held"::equals);
        assertThat(authority("console-sale").path("issued").asInt()).isEqualTo(55);

        // when: revoke one
        browser.click(".holders-result tbody button.link");
        browser.awaitText("dialog h2", "Revoke a coupon"::equals);
        browser.click(CONFIRM);

        // then
        browser.awaitText("[data-figure=revoked]", "1"::equals);
        browser.awaitText("[data-figure=remaining]", "1"::equals);
        assertThat(authority("console-sale").path("revoked").asInt()).isEqualTo(1);
        browser.awaitText(".holders-result", text -> text.contains("Revoked"));
        browser.screenshot("console-light");
        browser.prefer("dark");
        browser.screenshot("console-dark");

        // and: pause, resume, close
        browser.click("[data-action=pause]");
        browser.click(CONFIRM);
        browser.awaitText(".title .badge", "Paused"::equals);
        browser.awaitGone("dialog");
        browser.click("[data-action=resume]");
        browser.awaitText(".title .badge", "Open"::equals);
        browser.click("[data-action=closeCoupon]");
        browser.click("dialog button.danger");
        browser.awaitText(".title .badge", "Closed"::equals);
        assertThat(coupon("console-sale").path("status").asText()).isEqualTo("CLOSED");
        assertThat(browser.complaints()).noneMatch(it -> it.contains("Content Security Policy"));
    }

    private void assertSystemIsUp() {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(browser.texts(".system .component-top"))
                .hasSize(5).allMatch(text -> text.contains("up")));
        assertThat(browser.texts(".system .component-top strong")).containsExactly("Ingress", "Redis gate", "Kafka log",
                "Authority", "Database sink");
    }

    /** The peak of the rush moves to the left while the seconds pass. */
    private void assertChartMoves() {
        await().atMost(TIMEOUT).until(() -> peak() > 0);
        double before = peak();
        await().atMost(TIMEOUT).until(() -> peak() < before);
    }

    /** From the left in pixels, where the line of the issues is highest; 0 without a line. */
    private double peak() {
        return ((Number) browser.script("""
                const points = [...document.querySelectorAll('.chart polyline.issued')]
                    .flatMap(it => [...it.points]).filter(it => it.y < 160);
                return points.length === 0 ? 0 : points.reduce((a, b) => (b.y < a.y ? b : a)).x""")).doubleValue();
    }

    private void assertHolderIsFound() {
        String user = browser.texts(".holders-result td.who").getFirst();
        String request = ((String) browser.script("return document.querySelector('.holders-result td.who').title"))
                .replaceFirst(".*Request: ", "");
        search("userId", user);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(browser.texts(".holders-result td.who")).containsExactly(user));
        search("requestId", request);
        browser.awaitText(".holders-result .note", ("Request " + request + " was issued the coupon.")::equals);
        search("userId", "no-such-user");
        browser.awaitText(".holders-result", "User no-such-user does not hold this coupon."::equals);
        search("userId", "");
        await().atMost(TIMEOUT).until(() -> browser.texts(".holders-result td.who").size() > 1);
    }

    private void search(String by, String text) {
        browser.script("document.querySelector('select[name=by]').value = '" + by + "'");
        browser.type("input[name=searched]", text);
        browser.click(".search button[type=submit]");
    }

    private void assertAllWinnersAreListed(int winners) throws IOException {
        browser.click(".winners summary");
        browser.awaitText(".winners summary", "First 10 winners"::equals);
        assertThat(browser.texts(".winners tbody tr")).hasSize(10);
        browser.click("[data-action=allWinners]");
        browser.awaitText(".winners summary", ("All " + winners + " winners")::equals);
        assertThat(browser.texts(".winners tbody tr")).hasSize(winners);
        browser.awaitGone("[data-action=allWinners]");
        browser.screenshot("console-winners");
    }

    private void rush(int users) {
        browser.type("input[name=rushUsers]", String.valueOf(users));
        browser.click("#start-rush");
        browser.click("dialog button.danger");
        browser.awaitGone("dialog");
        browser.awaitText(".rush-result", text -> text.contains(" / " + (users + users / 10)));
        browser.awaitText("#start-rush", "Start the rush"::equals);
    }

    @Test
    void shouldKeepTheTokenOutOfUrlsAndOfOtherTabs() {
        // given
        browser.open(endpoints.admin());
        browser.type("input[name=token]", "not-the-token");
        browser.click("button[type=submit]");
        browser.awaitText(".problem", "The token is not valid."::equals);

        // when
        signIn();
        Object visited = browser.script("""
                return performance.getEntriesByType('resource').map(it => it.name).join(' ') + location.href
                    + document.cookie + JSON.stringify(localStorage)""");

        // then
        assertThat((String) visited).contains("/v1/console/stream").doesNotContain(endpoints.adminToken());
        assertThat(browser.url()).doesNotContain(endpoints.adminToken());
        assertThat((Long) browser.script("return sessionStorage.length")).isPositive();
        browser.click("header button.quiet");
        browser.awaitText(".sign-in button", "Sign in"::equals);
        assertThat(storage()).doesNotContain(endpoints.adminToken());

        // and: another tab asks for the token again
        signIn();
        browser.openInNewTab(endpoints.admin());
        browser.awaitText(".sign-in button", "Sign in"::equals);
        assertThat(storage()).doesNotContain(endpoints.adminToken());
    }

    private String storage() {
        return (String) browser.script("return JSON.stringify(sessionStorage) + JSON.stringify(localStorage)");
    }

    @Test
    void shouldBeUsableWithTheKeyboard() {
        // given
        browser.open(endpoints.admin());
        browser.awaitText(".sign-in button", "Sign in"::equals);
        browser.press(endpoints.adminToken(), Keys.ENTER);
        browser.awaitText(".connection", "Live"::equals);

        // when: create
        browser.tabTo("#new-coupon");
        browser.press(Keys.ENTER);
        browser.awaitText("dialog h2", "New coupon"::equals);
        browser.press("Keyboard sale", Keys.ENTER);

        // then: nothing has happened yet
        browser.awaitText("#coupon-name", "Keyboard sale"::equals);
        browser.awaitText("#coupon", text -> text.contains("No outcome yet") && text.contains("No user holds"));

        // when: a question is refused
        browser.tabTo("[data-action=pause]");
        browser.press(Keys.ENTER);
        browser.awaitText("dialog h2", "Pause keyboard-sale?"::equals);
        browser.press(Keys.ESCAPE);

        // then: the focus is where it was
        browser.awaitGone("dialog");
        assertThat(browser.hasFocus("[data-action=pause]")).isTrue();

        // when: pause
        browser.press(Keys.ENTER);
        browser.awaitText("dialog h2", "Pause keyboard-sale?"::equals);
        browser.press(Keys.TAB);
        browser.press(Keys.ENTER);

        // then: the next button is at hand
        browser.awaitText(".title .badge", "Paused"::equals);
        browser.awaitGone("dialog");
        await().until(() -> !browser.hasFocus("body"));
        browser.tabTo("[data-action=restock]");
        browser.press(Keys.chord(Keys.SHIFT, Keys.TAB));
        assertThat(browser.hasFocus("[data-action=resume]")).isTrue();
        browser.press(Keys.ENTER);
        browser.awaitText(".title .badge", "Open"::equals);
    }

    /** The list is read anew whenever the coupon changes. */
    @Test
    void shouldStayWhereTheOperatorIsWhileUsersClaim() throws Exception {
        // given
        define("console-focus", "A long list", 100, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        for (int user = 10; user < 40; user++) {
            claim("console-focus", "user-" + user);
        }
        signIn();
        browser.click("button[title*='console-focus']");
        browser.awaitText(".holders-result", text -> text.contains("user-39"));
        browser.awaitText(".columns tbody", text -> text.contains("user-39"));
        browser.script("document.querySelector('[aria-label=\"Revoke user-25\"]').focus()");
        Object before = scrolled();

        // when
        claim("console-focus", "user-99");

        // then
        browser.awaitText(".holders-result", text -> text.contains("user-99"));
        assertThat((Long) before).isPositive();
        assertThat(scrolled())
                .isEqualTo(before);
        assertThat(browser.hasFocus("[aria-label='Revoke user-25']")).isTrue();

        // and: the same for the latest outcomes
        browser.script("document.querySelector('.columns tbody button[title^=user-30]').focus()");
        claim("console-focus", "user-98");
        browser.awaitText(".columns tbody", text -> text.contains("user-98"));
        assertThat(browser.hasFocus("button[title^=user-30]")).isTrue();
    }

    private Object scrolled() {
        return browser.script("return Math.round(document.querySelector('.holders-result .scroll').scrollTop)");
    }

    private void claim(String coupon, String user) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + coupon + "/issues"))
                .header("Content-Type", "application/json").header("Prefer", "wait=30")
                .POST(BodyPublishers.ofString("{\"userId\":\"" + user + "\"}")).build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    @Test
    void shouldFitAPhoneInKoreanWithLongNamesAndACountdown() throws Exception {
        // given
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        define("console-long", "여름 휴가 커피와 케이크 쿠폰 ".repeat(6) + "without-any-break-".repeat(5), 1_000_000,
                now.plusSeconds(3600));
        define("console-one", "하나뿐인 쿠폰", 1, now.plusSeconds(3600));
        browser.resize(360, 800);
        signIn();
        browser.script("""
                const select = document.querySelector('select.language');
                select.value = 'ko';
                select.dispatchEvent(new Event('change'));""");

        // when
        browser.click("button[title*='console-long']");
        browser.awaitText(".countdown", text -> text.contains("오픈까지"));
        browser.awaitText("[data-figure=stock]", "1,000,000"::equals);
        browser.awaitText("#coupon", text -> text.contains("아직 결과가 없습니다") && text.contains("보유자가 없습니다."));
        browser.screenshot("console-phone");

        // then
        assertThat((Long) browser.script("return document.documentElement.scrollWidth"))
                .isEqualTo(browser.script("return document.documentElement.clientWidth"));
        browser.click("button[title*='console-one']");
        browser.awaitText(".title .badge", "오픈 예정"::equals);
        // Changed only now, because a busy browser may take long until here.
        define("console-one", "하나뿐인 쿠폰", 1, Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(10));
        browser.awaitText(".title .badge", "진행 중"::equals);
        browser.awaitGone(".countdown");
        browser.awaitText("[data-figure=remaining]", "1"::equals);
        browser.type(".coupons input[type=search]", "no-such-coupon");
        browser.awaitText(".coupon-list", "일치하는 쿠폰이 없습니다."::equals);
    }

    private void signIn() {
        browser.open(endpoints.admin());
        browser.type("input[name=token]", endpoints.adminToken());
        browser.click("button[type=submit]");
        browser.awaitText(".connection", "Live"::equals);
    }

    private JsonNode coupon(String id) {
        return await().atMost(Duration.ofSeconds(10)).ignoreExceptions()
                .until(() -> get(endpoints.http() + "/v1/coupons/" + id), it -> it.has("stock"));
    }

    private JsonNode authority(String id) throws IOException, InterruptedException {
        return get(endpoints.http() + "/v1/coupons/" + id + "/stock");
    }

    private void define(String id, String name, long stock, Instant opensAt) throws IOException, InterruptedException {
        byte[] body = Json.write(new Definition(name, stock, opensAt, opensAt.plus(1, ChronoUnit.DAYS)));
        var request = HttpRequest.newBuilder(URI.create(endpoints.admin() + "/v1/coupons/" + id))
                .header("Authorization", "Bearer " + endpoints.adminToken()).header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(body)).build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isIn(200, 201);
    }

    private record Definition(String name, long stock, Instant opensAt, Instant closesAt) {}

    private JsonNode get(String url) throws IOException, InterruptedException {
        String body = client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString()).body();
        return Json.read(body.getBytes(UTF_8), JsonNode.class);
    }
}
