package io.firstcome.standalone.check.part;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.json.Json;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.CheckResult.Status;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.log.CouponLog;

/** The authority and the public API are asked over HTTP, while the log goes on. */
class HttpCheckTest {

    private static final CouponLog LOG = new LogFixture().append(at(0), define("d", 5))
            .append(at(1), issue("r1", "amy")).append(at(2), issue("r2", "bob")).decided();
    private static final Duration TRANSACTION = Duration.ofMillis(60);
    /** For outcomes that come, however slow the machine is. */
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String TOKEN = "amy-token";

    private final FakeLog log = new FakeLog(COUPON);
    /** How many issues the authority shows, by the number of the reading. The last one is shown for good. */
    private List<Integer> shown = List.of(1);
    private int readings;
    /** What the public API shows of the coupon. */
    private Map<String, Object> publicCoupon = Map.of("issued", 1);
    private boolean isForgotten;
    private HttpServer server;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        log.commands.addAll(LOG.commands());
        log.outcomes.addAll(LOG.outcomes().subList(0, 2));
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        server.createContext("/v1/coupons/c1/stock", this::stock);
        server.createContext("/v1/coupons/c1/holders", this::holders);
        server.createContext("/v1/coupons/c1/requests/", this::request);
        server.createContext("/v1/coupons/c1", exchange -> answer(exchange, 200, publicCoupon));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int shownNow() {
        return shown.get(Math.min(readings, shown.size()) - 1);
    }

    private void stock(HttpExchange exchange) throws IOException {
        readings++;
        answer(exchange, 200, Map.of("stock", 5, "issued", shownNow(), "revoked", 0, "version", 1, "status", "ACTIVE"));
    }

    private void holders(HttpExchange exchange) throws IOException {
        List<Map<String, Object>> holders = LOG.decisions().stream().filter(CouponIssued.class::isInstance)
                .map(CouponIssued.class::cast).limit(shownNow()).map(issued -> Map.<String, Object>of("userId",
                        issued.userId(), "sequence", issued.sequence(), "requestId", issued.requestId(), "issuedAt",
                        issued.issuedAt(), "nth", issued.nth()))
                .toList();
        answer(exchange, 200, Map.of("couponId", COUPON, "holders", holders));
    }

    private void request(HttpExchange exchange) throws IOException {
        boolean known = ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        int shownStatus = isForgotten ? 404 : 200;
        answer(exchange, known ? shownStatus : 401, isForgotten ? Map.of() : Map.of("status", "ISSUED", "sequence", 1));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        byte[] json = Json.write(body);
        exchange.getResponseHeaders().set("Content-Type",
                status == 200 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @Test
    void shouldAcceptAnAuthorityThatAgrees() throws InterruptedException {
        // when
        CheckResult result = authority(TRANSACTION);

        // then
        assertThat(result.status()).as("%s", result).isEqualTo(Status.HELD);
    }

    @Test
    void shouldWaitForTheTransactionOfAnAuthorityThatIsAhead() throws InterruptedException {
        // given
        shown = List.of(2);
        log.later.add(List.of());
        log.later.add(LOG.outcomes().subList(2, 3));

        // when
        CheckResult result = authority(LONG);

        // then
        assertThat(result.status()).as("%s", result).isEqualTo(Status.HELD);
        assertThat(readings).isEqualTo(1);
    }

    /** The authority showed an issue of a transaction that was aborted. */
    @Test
    void shouldReadAgainBeforeItReportsTheAuthority() throws InterruptedException {
        // given
        shown = List.of(2, 1);

        // when
        CheckResult result = authority(TRANSACTION);

        // then
        assertThat(result.status()).as("%s", result).isEqualTo(Status.HELD);
    }

    @Test
    void shouldReportAnAuthorityThatStaysDifferent() throws InterruptedException {
        // given
        shown = List.of(2);

        // when
        CheckResult result = authority(TRANSACTION);

        // then
        assertThat(result.status()).as("%s", result).isEqualTo(Status.VIOLATED);
        assertThat(readings).isEqualTo(2);
    }

    /** Each reading differs in another way. */
    @Test
    void shouldReportAnAuthorityThatNeverAgrees() throws InterruptedException {
        // given
        shown = List.of(2, 0);

        // when
        CheckResult result = authority(TRANSACTION);

        // then
        assertThat(result.status()).as("%s", result).isEqualTo(Status.VIOLATED);
    }

    @Test
    void shouldAskForATokenWhereCallersAreUsers() throws InterruptedException {
        // when
        CheckResult without = answers(Optional.empty());
        CheckResult wrong = answers(Optional.of("other"));

        // then
        assertThat(without).isEqualTo(CheckResult.unknown("AnswersAgree", "callers are users with tokens: name a file"
                + " with the token of a user with --user-token-file"));
        assertThat(wrong.detail()).isEqualTo("the public API does not accept the token of --user-token-file");
    }

    @Test
    void shouldCompareTheAnswersToAUserWithAToken() throws InterruptedException {
        // when
        CheckResult result = answers(Optional.of(TOKEN));

        // then
        assertThat(result.status()).as("%s", result).isEqualTo(Status.HELD);
    }

    @Test
    void shouldNotPassWhenNoClaimWasCompared() throws InterruptedException {
        // given
        isForgotten = true;

        // when
        CheckResult result = answers(Optional.of(TOKEN));

        // then
        assertThat(result.status()).as("%s", result).isEqualTo(Status.UNKNOWN);
        assertThat(result.detail()).contains("none of the 1 newest claim", "FIRSTCOME_REQUESTS_RETENTION_MS");
    }

    @Test
    void shouldReportACouponThatShowsFewerIssuesOrNone() throws InterruptedException {
        // given
        publicCoupon = Map.of("issued", 0);

        // when
        CheckResult fewer = answers(Optional.of(TOKEN));
        publicCoupon = Map.of();
        CheckResult none = answers(Optional.of(TOKEN));

        // then
        assertThat(List.of(fewer, none)).allSatisfy(it -> assertThat(it.status()).isEqualTo(Status.VIOLATED));
    }

    /** @param transaction how long a transaction can be open */
    private CheckResult authority(Duration transaction) throws InterruptedException {
        return new AuthorityCheck(List.of(url), log, transaction).check("", new Deadline(Duration.ZERO));
    }

    private CheckResult answers(Optional<String> token) throws InterruptedException {
        return new AnswersCheck(url, token, log).check("", new Deadline(Duration.ZERO));
    }
}
