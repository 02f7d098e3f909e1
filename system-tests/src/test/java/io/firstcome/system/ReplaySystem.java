package io.firstcome.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.kit.service.Service;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;

/** A new authority and ingress on a new broker whose command topic keeps the timestamps of the producer. */
final class ReplaySystem implements AutoCloseable {

    private static final String TIMESTAMP_TYPE = "message.timestamp.type";
    private static final ConfigResource COMMANDS = new ConfigResource(ConfigResource.Type.TOPIC,
            Topics.COMMANDS.name());

    private final EmbeddedKafka kafka;
    private final Service processor;
    private final Service ingress;
    private final KafkaProducer<byte[], byte[]> producer;

    ReplaySystem(Path directory, String redis, int partitions) throws Exception {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        Map<String, String> environment = Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "FIRSTCOME_PARTITIONS",
                String.valueOf(partitions), "FIRSTCOME_REPLICAS", "1", "FIRSTCOME_REDIS_URL", redis,
                "FIRSTCOME_STATE_DIR", directory.resolve("streams").toString(), "FIRSTCOME_PROCESSOR_PORT", "0",
                "FIRSTCOME_HTTP_PORT", "0", "FIRSTCOME_ADMIN_PORT", "0", "FIRSTCOME_ADMIN_TOKEN",
                UUID.randomUUID().toString());
        processor = ProcessorService.start(ProcessorSettings.from(environment));
        ingress = IngressService.start(IngressSettings.from(environment));
        // After the start, because the services refuse to start on a topic with producer timestamps.
        useProducerTimestamps();
        await().atMost(Duration.ofSeconds(60)).until(() -> isReady(processor) && isReady(ingress));
        producer = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void useProducerTimestamps() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var createTime = new AlterConfigOp(new ConfigEntry(TIMESTAMP_TYPE, "CreateTime"), OpType.SET);
            admin.incrementalAlterConfigs(Map.of(COMMANDS, List.of(createTime))).all().get();
            await().until(() -> admin.describeConfigs(List.of(COMMANDS)).all().get().get(COMMANDS)
                    .get(TIMESTAMP_TYPE).value().equals("CreateTime"));
        }
    }

    private static boolean isReady(Service service) throws IOException, InterruptedException {
        return get(service, "/readyz").statusCode() == 200;
    }

    private static HttpResponse<String> get(Service service, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(service.url() + path)).build(),
                    BodyHandlers.ofString());
        }
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    /** The sum of all lines of the ingress's {@code /metrics} that start with {@code prefix}. */
    double metric(String prefix) throws IOException, InterruptedException {
        return get(ingress, "/metrics").body().lines().filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    /** Appends the commands in this order and returns when they are acknowledged. */
    void append(List<RawRecord> commands) {
        commands.forEach(command -> producer.send(command.toProducerRecord(Topics.COMMANDS)));
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
        ingress.close();
        processor.close();
        kafka.close();
    }
}
