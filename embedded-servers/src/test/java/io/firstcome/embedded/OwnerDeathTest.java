package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has a parent-death signal")
class OwnerDeathTest {

    @TempDir
    private static Path directory;
    private static List<ProcessHandle> servers;

    @BeforeAll
    static void killTheOwnerOfServers() throws IOException {
        Process owner = owner();
        servers = serversOf(owner);
        assertThat(servers).hasSize(2).allMatch(ProcessHandle::isAlive);
        owner.destroyForcibly().onExit().join();
    }

    @Test
    void shouldEndTheServersWhenTheirOwnerIsKilled() {
        await().untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
        EmbeddedRedis.start(directory.resolve("redis"), 0).close();
        EmbeddedMariaDb.start(directory.resolve("mariadb"), 0).close();
    }

    @Test
    void shouldFenceAKilledBrokerBeforeItStartsAgain() {
        // given
        Path log = directory.resolve("kafka/log");

        // when
        boolean afterKill = KilledBroker.awaitFenced(log, settings(log));
        EmbeddedKafka.start(directory.resolve("kafka"), 0).close();
        boolean afterStop = KilledBroker.awaitFenced(log, settings(log));

        // then
        assertThat(afterKill).isTrue();
        assertThat(afterStop).isFalse();
    }

    private static Map<String, String> settings(Path log) {
        var node = BrokerSettings.Node.withFreePorts(1);
        return BrokerSettings.of(log, node, List.of(node));
    }

    private static Process owner() throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        return new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Owner.class.getName(),
                directory.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static List<ProcessHandle> serversOf(Process owner) throws IOException {
        String pids = owner.inputReader().readLine();
        assertThat(pids).as("process ids printed by the owner").isNotNull();
        return Arrays.stream(pids.split(" "))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                .toList();
    }

    /** Starts all servers, prints the process ids of those that have one, and waits until it is killed. */
    static final class Owner {

        private Owner() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            FutureTask<String> start = new FutureTask<>(() -> start(directory));
            Thread.ofPlatform().start(start);
            // The thread that started the servers has ended now. This must not end the servers.
            System.out.println(start.get());
            Thread.currentThread().join();
        }

        private static String start(Path directory) {
            EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
            EmbeddedMariaDb mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), 0);
            EmbeddedKafka.start(directory.resolve("kafka"), 0);
            return redis.pid() + " " + mariaDb.pid();
        }
    }
}
