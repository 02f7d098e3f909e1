package io.firstcome.kit.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.testkit.process.ChildJvm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@Timeout(60)
class ServiceMainTest {

    @TempDir
    private Path directory;

    @Test
    void shouldExitWithAnErrorCodeWhenALoopDies() throws Exception {
        // given
        Path log = directory.resolve("log");

        // when
        try (ChildJvm child = ChildJvm.start(DyingMain.class, Map.of(), log)) {
            int exitCode = child.awaitExit();

            // then
            assertThat(exitCode).isEqualTo(ServiceMain.NOT_LIVE);
            assertThat(Files.readString(log)).contains("dying ready: http://127.0.0.1:1",
                    "dying stops with exit code 70 because it is not live: "
                            + "{loop=ended because of java.lang.OutOfMemoryError: simulated}",
                    "service closed");
        }
    }

    @Test
    void shouldExitWithOneLineWhenItCannotStart() throws Exception {
        // given
        Path log = directory.resolve("log");

        // when
        try (ChildJvm child = ChildJvm.start(MisconfiguredMain.class, Map.of(), log)) {
            int exitCode = child.awaitExit();

            // then
            assertThat(exitCode).isEqualTo(ServiceMain.CANNOT_START);
            assertThat(Files.readString(log)).contains("misconfigured: set the address").doesNotContain("StartFailure");
        }
    }

    /** A service whose loop throws an Error. */
    static final class DyingMain {

        private DyingMain() {}

        public static void main(String[] arguments) throws InterruptedException {
            ServiceMain.run("dying", _ -> new DyingService());
        }
    }

    /** A service that does not start. */
    static final class MisconfiguredMain {

        private MisconfiguredMain() {}

        public static void main(String[] arguments) throws InterruptedException {
            ServiceMain.run("misconfigured", _ -> {
                throw new StartFailure("set the address");
            });
        }
    }

    private static final class DyingService implements Service {

        private final Health health = new Health();
        private final ServiceLoop loop = ServiceLoop.named("dying-loop", () -> {
            throw new OutOfMemoryError("simulated");
        }, new SimpleMeterRegistry()).retry(Backoff.NONE).build();

        DyingService() {
            health.liveWhen("loop", loop::problem);
            loop.start();
        }

        @Override
        public String url() {
            return "http://127.0.0.1:1";
        }

        @Override
        public Health health() {
            return health;
        }

        @Override
        public void close() {
            health.stopping(Duration.ZERO);
            loop.close();
            System.out.println("service closed");
        }
    }
}
