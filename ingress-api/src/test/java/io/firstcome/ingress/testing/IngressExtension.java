package io.firstcome.ingress.testing;

import java.util.Map;
import java.util.function.Supplier;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

/**
 * Ingresses for a test class, with their Kafka and Redis. Most classes use the two shared ingresses and define coupons
 * of their own. A class that needs other settings starts ingresses with {@link #startedBy}.
 */
public final class IngressExtension implements BeforeAllCallback, AfterAllCallback {

    /** The lock of the classes that use the shared ingresses: they exclude each other, because they read meters. */
    public static final String SHARED_INGRESSES = "the shared ingresses";

    private static final Namespace NAMESPACE = Namespace.create(IngressExtension.class);
    private static final IngressExtension SHARED = new IngressExtension(() -> TestIngress.with(Map.of()));

    private final Supplier<TestIngress> start;
    private TestIngress one;
    private TestIngress two;

    private IngressExtension(Supplier<TestIngress> start) {
        this.start = start;
    }

    /** Two ingresses with default settings. They start when a test first asks for them and stop after the last test. */
    public static IngressExtension shared() {
        return SHARED;
    }

    /** Ingresses for one test class, started by {@code start} when first asked for and closed after its tests. */
    public static IngressExtension startedBy(Supplier<TestIngress> start) {
        return new IngressExtension(start);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        new KafkaServer().beforeAll(context);
        RedisServer.shared().beforeAll(context);
        if (this == SHARED) {
            context.getRoot().getStore(NAMESPACE).computeIfAbsent(NAMESPACE, _ -> (AutoCloseable) this::stop,
                    AutoCloseable.class);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (this != SHARED) {
            stop();
        }
    }

    /** The first ingress. */
    public TestIngress one() {
        one = one == null ? start.get() : one;
        return one;
    }

    /** The second ingress, with the same Kafka and Redis. */
    public TestIngress two() {
        two = two == null ? start.get() : two;
        return two;
    }

    private void stop() {
        if (one != null) {
            one.close();
        }
        if (two != null) {
            two.close();
        }
    }
}
