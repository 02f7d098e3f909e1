package io.firstcome.processor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.streams.GroupProtocol;

import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.settings.RenamedSettings;
import io.firstcome.kit.settings.Setting;

/**
 * The authority's settings.
 *
 * @param kafka how Kafka is reached
 * @param applicationId names the group and the changelogs
 * @param host the address that queries are listened for on
 * @param port the port of the queries, 0 for a free one
 * @param advertisedHost the name under which the other instances reach this one
 * @param stateDir where the stores lie
 * @param threads how many stream threads share the partitions
 * @param standbys how many other instances keep a copy of each store
 * @param commitInterval how long outcomes are gathered into one transaction
 * @param sessionTimeout after how much silence the others take over
 * @param groupProtocol who shares the partitions out
 * @param edge what the port bears
 */
public record ProcessorSettings(
        KafkaSettings kafka,
        String applicationId,
        String host,
        int port,
        String advertisedHost,
        Path stateDir,
        int threads,
        int standbys,
        Duration commitInterval,
        Duration sessionTimeout,
        GroupProtocol groupProtocol,
        HttpServerSettings edge) {

    private static final Setting<String> APPLICATION_ID = Setting.text("FIRSTCOME_APPLICATION_ID",
            "firstcome-authority",
            "Name of the group and of the changelogs. Under another name the authority starts with empty stores.");
    private static final Setting<String> HOST = Setting.text("FIRSTCOME_PROCESSOR_HOST", "127.0.0.1",
            "Address that the authority listens on; 0.0.0.0 for all.");
    private static final Setting<Integer> PORT = Setting.port("FIRSTCOME_PROCESSOR_PORT", 8082,
            "Port of the authority's queries, probes and metrics.");
    private static final Setting<String> ADVERTISED_HOST = Setting.text("FIRSTCOME_ADVERTISED_HOST", "127.0.0.1",
            "Name under which other instances of the authority reach this one.");
    private static final Setting<String> STATE_DIR = Setting.text("FIRSTCOME_STATE_DIR", ".firstcome/authority",
            "Folder of the authority's stores; each instance needs its own.");
    private static final Setting<Integer> THREADS = Setting.number("FIRSTCOME_STREAM_THREADS", 1, 1, 64, "threads",
            "Stream threads of this instance; more than there are partitions lie idle.");
    private static final Setting<Integer> STANDBYS = Setting.number("FIRSTCOME_STANDBY_REPLICAS", 0, 0, 5, "copies",
            "Instances that keep a warm copy of each store. With the STREAMS protocol it is a setting of the group:"
                    + " streams.num.standby.replicas.");
    private static final Setting<Duration> COMMIT_INTERVAL = Setting.millis("FIRSTCOME_COMMIT_INTERVAL_MS", 20, 5,
            5_000, "How long outcomes are gathered into one transaction: less is sooner, more is cheaper.");
    private static final Setting<Duration> SESSION_TIMEOUT = Setting.millis("FIRSTCOME_SESSION_TIMEOUT_MS", 10_000,
            6_000, 300_000, "Silence after which other instances take over. With the STREAMS protocol it is a setting"
                    + " of the group: streams.session.timeout.ms.");
    private static final Setting<GroupProtocol> GROUP_PROTOCOL = Setting.choice("FIRSTCOME_GROUP_PROTOCOL",
            GroupProtocol.CLASSIC, "Who shares the partitions out: the instances (CLASSIC) or the broker (STREAMS).");

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = Stream.of(KafkaSettings.ALL,
            List.of(APPLICATION_ID, HOST, PORT, ADVERTISED_HOST, STATE_DIR, THREADS, STANDBYS, COMMIT_INTERVAL,
                    SESSION_TIMEOUT, GROUP_PROTOCOL),
            HttpServerSettings.ALL).<Setting<?>>flatMap(List::stream).toList();

    /**
     * The settings of an environment.
     *
     * @throws io.firstcome.kit.service.StartFailure naming the first key whose value is not allowed
     */
    public static ProcessorSettings from(Map<String, String> environment) {
        RenamedSettings.reject(environment);
        return new ProcessorSettings(KafkaSettings.from(environment), APPLICATION_ID.from(environment),
                HOST.from(environment), PORT.from(environment), ADVERTISED_HOST.from(environment),
                Path.of(STATE_DIR.from(environment)), THREADS.from(environment), STANDBYS.from(environment),
                COMMIT_INTERVAL.from(environment), SESSION_TIMEOUT.from(environment),
                GROUP_PROTOCOL.from(environment), HttpServerSettings.from(environment));
    }
}
