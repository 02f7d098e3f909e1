package io.firstcome.embedded;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.apache.kafka.common.utils.Time;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

/**
 * The broker that was killed on a data directory. For the controller it is alive until its session times out, and it
 * still leads its partitions.
 *
 * <p>If the broker starts again before that, it begins to load its groups and transactions as their leader, loses the
 * leadership when the session times out, and begins to load them a second time when it has registered. Kafka 4.3
 * (CoordinatorRuntime) ends the second loading when the first one ends. A group with many commits takes seconds to
 * load; then its coordinator works with an incomplete state, every write fails ("The state machine of the coordinator
 * is out of sync with the underlying log") and reloads it in the same way, until the broker is stopped in good order.
 * So a controller without a broker runs until the session has ended. The broker then waits for nothing when it
 * registers.
 */
final class KilledBroker {

    /** Written by a broker that stops in good order, and deleted when it starts. */
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private static final String METADATA = "__cluster_metadata-0";

    private static final String FENCED_BROKERS = "kafka.controller:type=KafkaController,name=FencedBrokerCount";

    /** A broker that was killed before it had registered has no session, and so is never fenced. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);

    private KilledBroker() {}

    /**
     * Waits until the controller has fenced the killed broker.
     *
     * @return false after a stop in good order, when there is nothing to wait for
     */
    static boolean awaitFenced(Path log, Map<String, String> brokerSettings) {
        if (!Files.exists(log.resolve(METADATA)) || Files.exists(log.resolve(CLEAN_SHUTDOWN))) {
            return false;
        }
        var controller = new KafkaRaftServer(new KafkaConfig(withoutBroker(brokerSettings)), Time.SYSTEM);
        try {
            controller.startup();
            return awaitFenced();
        } finally {
            controller.shutdown();
        }
    }

    private static Map<String, String> withoutBroker(Map<String, String> brokerSettings) {
        Map<String, String> settings = new HashMap<>(brokerSettings);
        settings.put("process.roles", "controller");
        settings.put("listeners", "CONTROLLER://" + brokerSettings.get("controller.quorum.voters").split("@")[1]);
        settings.remove("advertised.listeners");
        settings.remove("inter.broker.listener.name");
        return settings;
    }

    private static boolean awaitFenced() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        long end = System.nanoTime() + MAX_WAIT.toNanos();
        try {
            var name = new ObjectName(FENCED_BROKERS);
            while (fenced(beans, name) == 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            return fenced(beans, name) > 0;
        } catch (JMException e) {
            throw new IllegalStateException(FENCED_BROKERS, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the killed broker's session ends", e);
        }
    }

    private static int fenced(MBeanServer beans, ObjectName name) throws JMException {
        try {
            return ((Number) beans.getAttribute(name, "Value")).intValue();
        } catch (InstanceNotFoundException _) {
            // The controller has not registered its meters yet.
            return 0;
        }
    }
}
