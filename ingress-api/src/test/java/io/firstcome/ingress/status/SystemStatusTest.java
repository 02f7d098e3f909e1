package io.firstcome.ingress.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Json;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.status.ComponentStatus;
import io.firstcome.kit.status.ComponentStatus.Level;
import io.firstcome.readmodel.coupons.CouponRegistry;

@ResourceLock(IngressExtension.SHARED_INGRESSES)
class SystemStatusTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private static final Instant NOW = Instant.parse("2026-08-01T10:00:00.017123Z");

    private final Health health = new Health();
    private final CouponRegistry registry = new CouponRegistry(_ -> {});
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final TestServer service = TestServer.with(routes -> routes.get("/v1/status", context -> {
        requests.incrementAndGet();
        context.contentType("application/json").result("""
                {"name":"authority","status":"UP","lag":7,"stoppedPartitions":1,"ofALaterVersion":{}}""");
    }));

    private Supplier<Optional<String>> redis = Optional::empty;
    private Supplier<Optional<String>> kafka = Optional::empty;
    private BooleanSupplier couponsAreCurrent = () -> true;
    private Supplier<Optional<String>> reading = Optional::empty;

    @AfterEach
    void stop() {
        end.countDown();
        service.close();
    }

    private SystemStatusReader reader(String processor, String sink) {
        var parts = new LocalParts(redis, Optional::empty, () -> OptionalLong.of(3), () -> 2, kafka, reading);
        return new SystemStatusReader(health, parts, registry, couponsAreCurrent, () -> NOW, urls(processor),
                urls(sink));
    }

    private static List<URI> urls(String separated) {
        return Arrays.stream(separated.split(",")).map(URI::create).toList();
    }

    private SystemStatus read() {
        String url = url(service);
        try (SystemStatusReader reader = reader(url, url)) {
            return reader.status();
        }
    }

    private static String url(TestServer server) {
        return "http://127.0.0.1:" + server.port();
    }

    private static ComponentStatus component(SystemStatus status, String name) {
        return status.components().stream().filter(it -> it.name().equals(name)).findAny().orElseThrow();
    }

    @Test
    void shouldReportEveryComponent() {
        // when
        Reply reply = INGRESSES.one().admin("GET", "/v1/status", "");

        // then
        JsonNode status = Json.read(reply.text().getBytes(StandardCharsets.UTF_8), JsonNode.class);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(status.path("components").findValuesAsText("name")).containsExactly("ingress", "gate", "log",
                "authority", "sink");
        assertThat(status.at("/components/0/status").asText()).isEqualTo("UP");
        assertThat(status.at("/components/1/status").asText()).isEqualTo("UP");
        assertThat(status.at("/components/2/status").asText()).isEqualTo("UP");
        assertThat(status.at("/components/4/status").asText()).isEqualTo("DOWN");
        assertThat(status.at("/components/4/detail").asText()).contains("FIRSTCOME_SINK_URL");
        assertThat(status.at("/coupons/total").isIntegralNumber()).isTrue();
    }

    @Test
    void shouldReportTheLagsThatTheServicesReport() {
        // when
        SystemStatus status = read();

        // then
        assertThat(component(status, "authority")).isEqualTo(new ComponentStatus("authority", Level.UP, null, 7L, 1));
        assertThat(component(status, "sink").lag()).isEqualTo(7);
        assertThat(component(status, "gate").lag()).isEqualTo(3);
        assertThat(component(status, "gate").stoppedPartitions()).isEqualTo(2);
        assertThat(component(status, "log").lag()).isNull();
        assertThat(status.time()).isEqualTo("2026-08-01T10:00:00.017Z");
    }

    @Test
    void shouldReportNoAnswerAsUnknownAndNotAsZero() {
        // given
        TestServer late = TestServer.with(routes -> routes.get("/v1/status", _ -> end.await()));
        TestServer other = TestServer.with(routes -> routes.get("/v1/status", page -> page.result("It works!")));

        // when
        SystemStatus status;
        try (late; other; SystemStatusReader reader = reader(url(late), url(other))) {
            status = reader.status();
            end.countDown();
        }

        // then
        assertThat(status.components()).filteredOn(it -> it.status() == Level.UNKNOWN)
                .extracting(ComponentStatus::name).containsExactly("authority", "sink");
        assertThat(component(status, "authority").lag()).isNull();
        assertThat(component(status, "authority").detail()).contains("no complete answer within 1000 ms");
        assertThat(component(status, "sink").detail()).contains("cannot be read");
    }

    @Test
    void shouldReportAServiceThatDoesNotListenAsDown() {
        // given
        String nothing = "http://127.0.0.1:1";

        // when
        SystemStatus status;
        try (SystemStatusReader reader = reader(nothing, nothing)) {
            status = reader.status();
        }

        // then
        assertThat(component(status, "authority").status()).isEqualTo(Level.DOWN);
        assertThat(component(status, "authority").detail()).contains(nothing, "FIRSTCOME_PROCESSOR_URL");
    }

    @Test
    void shouldReportAnInstanceThatIsAwayAsDegraded() {
        // given
        String two = "http://127.0.0.1:1," + url(service);

        // when
        SystemStatus status;
        try (SystemStatusReader reader = reader(two, two)) {
            status = reader.status();
        }

        // then
        ComponentStatus authority = component(status, "authority");
        assertThat(authority.status()).isEqualTo(Level.DEGRADED);
        assertThat(authority.detail()).contains("No connection to http://127.0.0.1:1.").doesNotContain(url(service));
        assertThat(authority.lag()).as("one instance knows the lag of all").isEqualTo(7);
        assertThat(component(status, "sink").lag()).as("the lag of the other instance is not known").isNull();
        assertThat(component(status, "sink").stoppedPartitions()).isNull();
    }

    @Test
    void shouldAddUpWhatTheInstancesReport() {
        // given
        String two = url(service) + "," + url(service) + "/";

        // when
        SystemStatus status;
        try (SystemStatusReader reader = reader(two, two)) {
            status = reader.status();
        }

        // then
        assertThat(component(status, "authority")).isEqualTo(new ComponentStatus("authority", Level.UP, null, 7L, 2));
        assertThat(component(status, "sink").lag()).isEqualTo(14);
    }

    @Test
    void shouldReportALostRedisAndALostKafkaAsDown() {
        // given
        redis = () -> Optional.of("Redis at here:1 does not answer");
        kafka = () -> Optional.of("Kafka at there:2 does not answer");

        // when
        SystemStatus status = read();

        // then
        assertThat(component(status, "gate").status()).isEqualTo(Level.DOWN);
        assertThat(component(status, "gate").detail()).contains("here:1", "FIRSTCOME_REDIS_URL");
        assertThat(component(status, "log").status()).isEqualTo(Level.DOWN);
        assertThat(component(status, "log").detail()).contains("there:2", "Start the brokers");
        assertThat(component(status, "ingress").status()).isEqualTo(Level.UP);
    }

    @Test
    void shouldReportFailedChecksAtTheirComponents() {
        // given
        health.readyWhen("outcomes", () -> Optional.of("are not read up to now"))
                .liveWhen("gate-projector", () -> Optional.of("ended: OutOfMemoryError"));

        // when
        SystemStatus status = read();

        // then
        assertThat(component(status, "log").status()).isEqualTo(Level.DEGRADED);
        assertThat(component(status, "log").detail()).isEqualTo("outcomes are not read up to now");
        assertThat(component(status, "gate").status()).isEqualTo(Level.DOWN);
        assertThat(component(status, "ingress").status()).isEqualTo(Level.DOWN);
    }

    @Test
    void shouldReportASilentPartitionAlthoughTheIngressIsReady() {
        // given
        reading = () -> Optional.of("coupon-outcomes are behind by more than 15 s: partitions [3]");

        // when
        SystemStatus status = read();

        // then
        assertThat(component(status, "log").status()).isEqualTo(Level.DEGRADED);
        assertThat(component(status, "log").detail()).contains("partitions [3]");
        assertThat(component(status, "ingress").status()).isEqualTo(Level.UP);
    }

    @Test
    void shouldCountCouponsOnlyWhileAllAreKnown() {
        // given
        registry.apply(coupon("over", CouponStatus.ACTIVE, NOW.minusSeconds(9), NOW.minusSeconds(1)));
        registry.apply(coupon("open", CouponStatus.ACTIVE, NOW.minusSeconds(9), NOW.plusSeconds(9)));
        registry.apply(coupon("paused", CouponStatus.PAUSED, NOW.minusSeconds(9), NOW.plusSeconds(9)));
        registry.apply(coupon("soon", CouponStatus.ACTIVE, NOW.plusSeconds(9), NOW.plusSeconds(99)));

        // when
        SystemStatus known = read();
        couponsAreCurrent = () -> false;
        SystemStatus unknown = read();

        // then
        assertThat(known.coupons()).isEqualTo(new SystemStatus.Coupons(4, 1));
        assertThat(unknown.coupons()).isNull();
        assertThat(new String(Json.write(unknown), StandardCharsets.UTF_8)).doesNotContain("coupons");
    }

    @Test
    void shouldAskTheServicesOnceForManyRequests() {
        // given
        String url = url(service);

        // when
        List<SystemStatus> answers;
        try (SystemStatusReader reader = reader(url, url)) {
            answers = List.of(reader.status(), reader.status(), reader.status());
        }

        // then
        assertThat(answers).containsOnly(answers.getFirst());
        assertThat(requests).hasValueLessThanOrEqualTo(4);
    }

    private static CouponState coupon(String id, CouponStatus status, Instant opensAt, Instant closesAt) {
        var definition = new CouponDefinition(new CouponId(id), "Tea", 1, opensAt.truncatedTo(ChronoUnit.MILLIS),
                closesAt.truncatedTo(ChronoUnit.MILLIS));
        return new CouponState(definition, status, 1, 0);
    }
}
