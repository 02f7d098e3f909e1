package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

/** Runs alone, because it counts the threads of all ingresses in this JVM. */
@Isolated
@ExtendWith(KafkaServer.class)
class FailedStartTest {

    @RegisterExtension
    static final RedisServer REDIS = RedisServer.shared();

    @Test
    void shouldLeaveNoThreadsAfterAFailedStart() {
        TestIngress running = TestIngress.with(Map.of());
        try (running) {
            // given
            int port = Integer.parseInt(running.service().adminUrl().replaceAll(".*:", ""));
            long threads = threadsOfIngresses();

            // when
            assertThatThrownBy(() -> TestIngress.with(Map.of("FIRSTCOME_ADMIN_PORT", String.valueOf(port))))
                    .isInstanceOf(StartFailure.class).hasMessageContaining("port " + port);

            // then
            assertThat(threadsOfIngresses()).isEqualTo(threads);
        }
    }

    private static long threadsOfIngresses() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.endsWith("-tail") || name.startsWith("gate-")
                        || name.startsWith("kafka-producer-network-thread | firstcome-ingress")
                        || name.startsWith("kafka-admin-client-thread | firstcome-ingress"))
                .count();
    }
}
