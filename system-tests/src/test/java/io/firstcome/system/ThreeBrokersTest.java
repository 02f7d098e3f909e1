package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.id.CouponId;
import io.firstcome.embedded.EmbeddedMariaDb;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.KafkaCluster;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.kit.service.Service;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.sink.SinkService;
import io.firstcome.sink.SinkSettings;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.guarantee.Guarantees;

/** Three brokers and two instances of each service, which all start at the same moment. */
@EnabledIfSystemProperty(named = "firstcome.test.brokers", matches = "true",
        disabledReason = "starts three brokers; mvn verify -Dfirstcome.test.brokers=true runs it")
class ThreeBrokersTest {

    private static final CouponId COUPON = new CouponId("three-brokers");
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final String TOKEN = "token-of-the-three-brokers-test";

    @TempDir
    private Path directory;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    @AfterEach
    void stop() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    @Test
    void shouldSellWhenEverythingStartsTogether() throws Exception {
        // given
        EmbeddedRedis redis = started(EmbeddedRedis.start(directory.resolve("redis"), 0));
        EmbeddedMariaDb mysql = started(EmbeddedMariaDb.start(directory.resolve("mysql"), 0));
        List<Integer> processorPorts = List.of(FreePort.pick(), FreePort.pick());

        // when
        KafkaCluster kafka = started(KafkaCluster.launch(directory, 3));
        Map<String, String> environment = Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "FIRSTCOME_REDIS_URL", redis.uri(), "FIRSTCOME_JDBC_URL", mysql.jdbcUrl(), "FIRSTCOME_HTTP_PORT", "0",
                "FIRSTCOME_ADMIN_PORT", "0", "FIRSTCOME_ADMIN_TOKEN", TOKEN, "FIRSTCOME_SINK_PORT", "0",
                "FIRSTCOME_PROCESSOR_URL", "http://127.0.0.1:" + processorPorts.getFirst());
        List<Callable<Service>> starts = IntStream.range(0, 2).boxed().<Callable<Service>>mapMulti((i, all) -> {
            Map<String, String> own = new HashMap<>(environment);
            own.put("FIRSTCOME_PROCESSOR_PORT", String.valueOf(processorPorts.get(i)));
            own.put("FIRSTCOME_STATE_DIR", directory.resolve("state-" + i).toString());
            all.accept(() -> IngressService.start(IngressSettings.from(own)));
            all.accept(() -> ProcessorService.start(ProcessorSettings.from(own)));
            all.accept(() -> SinkService.start(SinkSettings.from(own)));
        }).toList();
        List<Service> services = startTogether(starts);

        // then
        for (Service service : services) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(service.health().problemsOfReadiness()).isEmpty());
        }
        shouldHaveThreeReplicas(kafka);
        List<IngressService> ingresses = services.stream().filter(IngressService.class::isInstance)
                .map(IngressService.class::cast).toList();
        try (var balancer = new LoadBalancer(ingresses.stream().map(Service::url).toList())) {
            await().atMost(TIMEOUT).until(() -> balancer.ready().size() == 2);
            var endpoints = new Endpoints(balancer.url(), ingresses.getFirst().adminUrl(), TOKEN,
                    environment.get("FIRSTCOME_PROCESSOR_URL"), "", kafka.bootstrapServers(), redis.uri(),
                    mysql.jdbcUrl());
            SaleResult sale = FlashSale.run(SalePlan.of(COUPON, 500, 200, 40), endpoints, () -> {});
            Guarantees.assertAllChecked(new StackEvidence(endpoints).of(COUPON, sale.answers()));
        }
    }

    private List<Service> startTogether(List<Callable<Service>> starts) throws Exception {
        try (ExecutorService parallel = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Service> services = new ArrayList<>();
            for (Future<Service> start : parallel.invokeAll(starts)) {
                services.add(started(start.get()));
            }
            return services;
        }
    }

    /** The five topics and the four changelogs. */
    private static void shouldHaveThreeReplicas(KafkaCluster kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var names = admin.listTopics().names().get().stream().filter(name -> !name.startsWith("__"))
                    .collect(Collectors.toSet());
            assertThat(names).hasSize(9);
            for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
                assertThat(topic.partitions()).hasSize(6)
                        .allSatisfy(partition -> assertThat(partition.replicas()).as(topic.name()).hasSize(3));
            }
            var resources = names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
            assertThat(admin.describeConfigs(resources).all().get().values())
                    .allSatisfy(config -> assertThat(config.get("min.insync.replicas").value()).isEqualTo("2"));
        }
    }

    private <T extends AutoCloseable> T started(T part) {
        started.push(part);
        return part;
    }
}
