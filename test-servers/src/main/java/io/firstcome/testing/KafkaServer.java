package io.firstcome.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;

/**
 * One Kafka broker and one {@link ScriptedAuthority} for all tests of a module. Each test uses its own coupons, so the
 * tests do not affect each other.
 */
public final class KafkaServer implements BeforeAllCallback {

    public static final int PARTITIONS = 3;

    private static EmbeddedKafka kafka;
    private static ScriptedAuthority authority;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.create(KafkaServer.class)).computeIfAbsent(
                KafkaServer.class,
                _ -> start(), AutoCloseable.class);
    }

    private static AutoCloseable start() {
        kafka = EmbeddedKafka.start(directory("kafka"), 0);
        TopicProvisioner.ensure(kafkaSettings(), Topics.all());
        authority = new ScriptedAuthority(kafkaSettings());
        return () -> {
            authority.close();
            kafka.close();
        };
    }

    public static ScriptedAuthority authority() {
        return authority;
    }

    public static KafkaSettings kafkaSettings() {
        return new KafkaSettings(kafka.bootstrapServers(), PARTITIONS);
    }

    public static Path directory(String of) {
        try {
            return Files.createDirectories(Path.of("target", "servers", of + "-" + System.nanoTime()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
