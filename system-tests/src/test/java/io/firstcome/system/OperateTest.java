package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Json;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.SinkSettings;
import io.firstcome.standalone.check.CheckTarget;
import io.firstcome.standalone.check.LiveCheck;
import io.firstcome.standalone.check.log.LiveLog;
import io.firstcome.standalone.check.log.LogTooLarge;
import io.firstcome.standalone.check.report.CheckReport;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.CheckResult.Status;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.stack.Endpoints;
import redis.clients.jedis.RedisClient;

/** The commands that operate and check a running system. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
@Order(1)
class OperateTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void shouldCreateClaimAndCheckACoupon(Endpoints endpoints) throws Exception {
        // given
        String coupon = newCoupon("operated").value();
        Path token = Files.writeString(directory.resolve("token"), endpoints.adminToken());
        Path export = directory.resolve("check.json");

        // when
        Result created = run("coupon", "create", coupon, "--stock", "1", "--url", endpoints.http(), "--admin-url",
                endpoints.admin(), "--token-file", token.toString());
        Result claimed = run("claim", coupon, "mina", "--key", "r-" + coupon, "--json", "--url", endpoints.http());
        Result rejected = run("claim", coupon, "jun", "--url", endpoints.http());
        Result status = run("status", "--json", "--url", endpoints.http(), "--admin-url", endpoints.admin(),
                "--token-file", token.toString());
        Result checked = run("check", coupon, "--kafka", endpoints.kafka(), "--jdbc-url", endpoints.jdbc(), "--redis",
                endpoints.redis(), "--processor-url", endpoints.processor(), "--url", endpoints.http(), "--export",
                export.toString());

        // then
        assertThat(created.exitCode()).as(created.printed()).isZero();
        assertThat(claimed.exitCode()).as(claimed.printed()).isZero();
        assertThat(claimed.json().path("sequence").longValue()).isEqualTo(1);
        assertThat(rejected.exitCode()).as(rejected.printed()).isEqualTo(1);
        assertThat(rejected.printed()).contains("sold-out", "request ");
        assertThat(status.json().path("components").valueStream().map(part -> part.path("status").asText()))
                .as(status.printed()).hasSize(5).doesNotContain("DOWN");
        assertThat(checked.exitCode()).as(checked.printed()).isZero();
        JsonNode exported = Json.read(Files.readAllBytes(export), JsonNode.class);
        assertThat(exported.path("status").asText()).isEqualTo("HELD");
        assertThat(exported.path("guarantees").valueStream().map(it -> it.path("name").asText())).containsExactly(
                "NoOversell", "OnePerUser", "EveryAckAnswered", "LogOrderWins", "SinkMatches", "GateConverges",
                "AuthorityMatches", "AnswersAgree");
    }

    @Test
    void shouldChangeACouponInEveryWay(Endpoints endpoints) throws Exception {
        // given
        String coupon = newCoupon("changed").value();
        Map<String, String> system = Map.of("FIRSTCOME_URL", endpoints.http(), "FIRSTCOME_ADMIN_URL",
                endpoints.admin(), "FIRSTCOME_ADMIN_TOKEN", endpoints.adminToken());
        assertThat(run(system, "coupon", "create", coupon, "--stock", "1").exitCode()).isZero();

        // when
        Result twice = run(system, "coupon", "create", coupon, "--stock", "7");
        Result paused = run(system, "coupon", "pause", coupon, "--json");
        Result refused = run(system, "claim", coupon, "mina");
        Result resumed = run(system, "coupon", "resume", coupon, "--json");
        Result restocked = run(system, "coupon", "restock", coupon, "+2", "--json");
        Result claimed = run(system, "claim", coupon, "mina", "--json");
        Result held = run(system, "coupon", "show", coupon, "--user", "mina");
        Result revoked = run(system, "coupon", "revoke", coupon, "mina", "--json");
        Result closed = run(system, "coupon", "close", coupon, "--json");
        Result listed = run(system, "coupon", "list", "--status", "CLOSED", "--json");
        Result tooEarly = run(system, "coupon", "archive", coupon);
        String ended = newCoupon("ended").value();
        run(system, "coupon", "create", ended, "--stock", "1", "--opens", "2026-01-01T00:00:00Z", "--closes",
                "2026-02-01T00:00:00Z");
        Result archived = run(system, "coupon", "archive", ended);

        // then
        assertThat(twice.exitCode()).isEqualTo(1);
        assertThat(twice.printed()).contains("exists and was not changed");
        assertThat(paused.json().path("status").asText()).isEqualTo("PAUSED");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.printed()).contains("rejected: paused");
        assertThat(resumed.json().path("status").asText()).isEqualTo("ACTIVE");
        assertThat(restocked.json().path("stock").longValue()).isEqualTo(3);
        assertThat(claimed.json().path("sequence").longValue()).isEqualTo(1);
        assertThat(held.printed()).contains("mina holds " + coupon + " with sequence 1");
        assertThat(revoked.json().path("sequence").longValue()).isEqualTo(1);
        assertThat(closed.json().path("status").asText()).isEqualTo("CLOSED");
        assertThat(listed.json().path("coupons").findValuesAsText("couponId")).contains(coupon);
        assertThat(tooEarly.exitCode()).isEqualTo(1);
        assertThat(tooEarly.printed()).contains("can be archived from");
        assertThat(archived.printed()).contains(ended + " is archived", "status    ARCHIVED");
        assertThat(List.of(paused, resumed, restocked, claimed, held, revoked, closed, listed, archived))
                .extracting(Result::exitCode).containsOnly(0);
    }

    @Test
    void shouldReportARowThatIsMissing(Endpoints endpoints) throws Exception {
        // given
        CouponId coupon = newCoupon("deleted");
        FlashSale.run(SalePlan.of(coupon, 5, 3, 5), endpoints, () -> {});
        Status before = check(endpoints, coupon, TIMEOUT).status();
        try (Connection database = DriverManager.getConnection(endpoints.jdbc());
                Statement delete = database.createStatement()) {
            delete.executeUpdate("DELETE FROM issued_coupons WHERE sequence = 2 AND coupon_id = '" + coupon + "'");
        }

        // when
        CheckReport report = check(endpoints, coupon, Duration.ZERO);

        // then
        assertThat(before).isEqualTo(Status.HELD);
        assertThat(report.status()).isEqualTo(Status.VIOLATED);
        assertThat(violated(report).keySet()).containsExactly("SinkMatches");
        assertThat(violated(report).get("SinkMatches").violations()).singleElement().asString()
                .startsWith("issued_coupons: missing").contains("sequence=2");
    }

    @Test
    void shouldReportAnEntryOfTheGateThatWasEdited(Endpoints endpoints) throws Exception {
        // given
        CouponId coupon = newCoupon("edited");
        FlashSale.run(SalePlan.of(coupon, 2, 2, 5), endpoints, () -> {});
        Status before = check(endpoints, coupon, TIMEOUT).status();
        String holders = GateKeys.of(coupon).get(1);
        try (RedisClient redis = RedisClient.create(URI.create(endpoints.redis()))) {
            Map<String, String> entries = redis.hgetAll(holders);
            String user = entries.keySet().iterator().next();
            redis.hset(holders, user, "9" + entries.get(user));
        }

        // when
        CheckReport report = check(endpoints, coupon, Duration.ofSeconds(2));

        // then
        assertThat(before).isEqualTo(Status.HELD);
        assertThat(report.status()).isEqualTo(Status.VIOLATED);
        assertThat(violated(report).keySet()).containsExactly("GateConverges");
    }

    /** A named coupon can have as many records as a whole log. */
    @Test
    void shouldStopBeforeTheMemoryIsFull(Endpoints endpoints) throws Exception {
        // given
        CouponId coupon = newCoupon("large");
        FlashSale.run(SalePlan.of(coupon, 2, 2, 5), endpoints, () -> {});

        try (var log = new LiveLog(new KafkaConnection(endpoints.kafka()), "firstcome-authority", Set.of(coupon), 4)) {
            // when
            Throwable failure = catchThrowable(log::readOn);

            // then
            assertThat(failure).isInstanceOf(LogTooLarge.class);
        }
    }

    /** The parts are never at the same position during a sale. */
    @Test
    void shouldReportNoViolationDuringASale(Endpoints endpoints) throws Exception {
        // given
        CouponId coupon = newCoupon("busy");
        FlashSale.run(SalePlan.of(coupon, 1, 1_500, 1), endpoints, () -> {});
        SalePlan plan = SalePlan.of(coupon, 3_000, 1_500, 100).withUserPrefix("rush");
        List<CheckReport> during = new ArrayList<>();

        // when
        CompletableFuture<Void> sale = CompletableFuture.runAsync(() -> {
            try {
                FlashSale.join(plan, endpoints, () -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!sale.isDone()) {
            during.add(check(endpoints, coupon, Duration.ofSeconds(10)));
        }
        sale.join();
        CheckReport after = check(endpoints, coupon, TIMEOUT);

        // then
        assertThat(during).as("checks during the sale").isNotEmpty()
                .allSatisfy(report -> assertThat(violated(report)).isEmpty());
        assertThat(after.status()).as("%s", after).isEqualTo(Status.HELD);
    }

    private static CouponId newCoupon(String prefix) {
        return new CouponId(prefix + "-" + Long.toString(System.nanoTime(), 36));
    }

    private static CheckReport check(Endpoints endpoints, CouponId coupon, Duration timeout) throws Exception {
        var target = new CheckTarget(new KafkaConnection(endpoints.kafka()), "firstcome-authority",
                Optional.of(endpoints.redis()),
                Optional.of(SinkSettings.from(Map.of("FIRSTCOME_JDBC_URL", endpoints.jdbc())).database()),
                Optional.of(List.of(URI.create(endpoints.processor()))), Optional.of(URI.create(endpoints.http())),
                Optional.empty(), Set.of(coupon), timeout);
        return LiveCheck.run(target, new SilentProgress());
    }

    private static Map<String, CheckResult> violated(CheckReport report) {
        return report.results().stream().filter(result -> result.status() == Status.VIOLATED)
                .collect(Collectors.toMap(CheckResult::name, result -> result));
    }

    private record Result(String printed, int exitCode) {

        private JsonNode json() {
            String line = printed.lines().filter(it -> it.startsWith("{")).findFirst().orElseThrow();
            return Json.read(line.getBytes(UTF_8), JsonNode.class);
        }
    }

    private static Result run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    private static Result run(Map<String, String> environment, String... arguments) throws Exception {
        try (CommandLine command = CommandLine.start(environment, arguments)) {
            String printed = command.awaitEnd();
            return new Result(printed, command.exitCode());
        }
    }
}
