package io.firstcome.processor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.streams.GroupProtocol;

import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.settings.RenamedSettings;
import io.firstcome.kit.settings.Setting;
import io.firstcome.kit.tracing.TracingSettings;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.query.Peers;

/**
 * The authority's settings.
 *
 * @param kafka the connection to Kafka
 * @param applicationId the name of the consumer group and the prefix of the changelog topics
 * @param host the address on which queries are served
 * @param port the port of the queries; 0 selects a free one
 * @param advertisedHost the host name by which the other instances reach this one
 * @param peers the hosts that queries may be forwarded to
 * @param stateDir the directory of the stores
 * @param threads the number of stream threads
 * @param standbys how many other instances keep a copy of each store
 * @param commitInterval the least time between two transactions while the authority keeps up with the log
 * @param sessionTimeout after how long without a heartbeat the other instances take over
 * @param groupProtocol the protocol that assigns partitions to instances
 * @param acceptedLoss what an operator declares lost
 * @param edge the limits of the HTTP server
 * @param tracing whether and how requests are traced
 */
public record ProcessorSettings(
        KafkaSettings kafka,
        String applicationId,
        String host,
        int port,
        String advertisedHost,
        Peers peers,
        Path stateDir,
        int threads,
        int standbys,
        Duration commitInterval,
        Duration sessionTimeout,
        GroupProtocol groupProtocol,
        AcceptedLoss acceptedLoss,
        HttpServerSettings edge,
        TracingSettings tracing) {

    private static final Setting<String> APPLICATION_ID = Setting.text("FIRSTCOME_APPLICATION_ID",
            "firstcome-authority",
            "Name of the consumer group, and prefix of the changelogs. Under another name the stores are empty, and the"
                    + " authority refuses to run when there are coupons.");
    private static final Setting<String> HOST = Setting.text("FIRSTCOME_PROCESSOR_HOST", "127.0.0.1",
            "Address on which the authority listens; 0.0.0.0 for all interfaces.");
    private static final Setting<Integer> PORT = Setting.port("FIRSTCOME_PROCESSOR_PORT", 8082,
            "Port of the authority's queries, probes and metrics.");
    private static final Setting<String> ADVERTISED_HOST = Setting.text("FIRSTCOME_ADVERTISED_HOST", "127.0.0.1",
            "Host name by which the other instances of the authority reach this one.");
    private static final Setting<Peers> PEERS = new Setting<>("FIRSTCOME_PROCESSOR_PEERS", "", "hosts",
            "Hosts, separated by commas, that queries may be forwarded to; * is any part of a name without a dot, as in"
                    + " authority-* or 10.0.3.*. Empty: the domain of FIRSTCOME_ADVERTISED_HOST, or that name with any"
                    + " number at its end, or that address.",
            Peers::of);
    private static final Setting<String> STATE_DIR = Setting.text("FIRSTCOME_STATE_DIR", ".firstcome/authority",
            "Directory of the authority's stores. Each instance needs its own.");
    private static final Setting<Integer> THREADS = Setting.number("FIRSTCOME_STREAM_THREADS", 1, 1, 64, "threads",
            "Stream threads of this instance. Threads beyond the number of partitions are idle.");
    private static final Setting<Integer> STANDBYS = Setting.number("FIRSTCOME_STANDBY_REPLICAS", 0, 0, 5, "copies",
            "Other instances that keep a copy of each store. With the STREAMS protocol, set the group configuration"
                    + " streams.num.standby.replicas instead.");
    private static final Setting<Duration> COMMIT_INTERVAL = Setting.millis("FIRSTCOME_COMMIT_INTERVAL_MS", 10, 5,
            5_000, "Least time between two transactions of a rush while the authority keeps up with the log; at least"
                    + " 100 ms while it is behind. Lower: less latency. Higher: less load. The outcomes of a rush"
                    + " gather for up to 16 ms in any case.");
    private static final Setting<Duration> SESSION_TIMEOUT = Setting.millis("FIRSTCOME_SESSION_TIMEOUT_MS", 10_000,
            6_000, 300_000, "Time without a heartbeat after which other instances take over. With the STREAMS protocol,"
                    + " set the group configuration streams.session.timeout.ms instead.");
    private static final Setting<GroupProtocol> GROUP_PROTOCOL = Setting.choice("FIRSTCOME_GROUP_PROTOCOL",
            GroupProtocol.CLASSIC, "Who assigns the partitions: the instances (CLASSIC) or the broker (STREAMS).");

    private static final Setting<Set<CouponId>> ACCEPT_LOST_COUPONS = new Setting<>("FIRSTCOME_ACCEPT_LOST_COUPONS", "",
            "coupon ids", "Coupons, separated by commas, that the authority serves although its stores have lost issues"
                    + " of them: the counts continue from coupon-states and coupon-outcomes, and users whose issue is"
                    + " lost may claim again. Remove it after the start.",
            ProcessorSettings::couponIds);
    private static final Setting<String> ACCEPT_LOST_COMMANDS_OF = new Setting<>("FIRSTCOME_ACCEPT_LOST_COMMANDS_OF",
            "", "topic id", "Id of coupon-commands: the authority continues with the first command that Kafka has,"
                    + " although commands before it are lost. Remove it after the start.",
            String::strip);

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = Stream.of(KafkaSettings.ALL,
            List.of(APPLICATION_ID, HOST, PORT, ADVERTISED_HOST, PEERS, STATE_DIR, THREADS, STANDBYS, COMMIT_INTERVAL,
                    SESSION_TIMEOUT, GROUP_PROTOCOL, ACCEPT_LOST_COUPONS, ACCEPT_LOST_COMMANDS_OF),
            HttpServerSettings.ALL, TracingSettings.ALL).<Setting<?>>flatMap(List::stream).toList();

    /**
     * Reads the settings from an environment.
     *
     * @throws io.firstcome.kit.service.StartFailure naming the first key whose value is invalid
     */
    public static ProcessorSettings from(Map<String, String> environment) {
        RenamedSettings.reject(environment);
        String advertisedHost = ADVERTISED_HOST.from(environment);
        return new ProcessorSettings(KafkaSettings.from(environment), APPLICATION_ID.from(environment),
                HOST.from(environment), PORT.from(environment), advertisedHost,
                PEERS.from(environment).orLike(advertisedHost),
                Path.of(STATE_DIR.from(environment)), THREADS.from(environment), STANDBYS.from(environment),
                COMMIT_INTERVAL.from(environment), SESSION_TIMEOUT.from(environment),
                GROUP_PROTOCOL.from(environment),
                new AcceptedLoss(ACCEPT_LOST_COUPONS.from(environment), ACCEPT_LOST_COMMANDS_OF.from(environment)),
                HttpServerSettings.from(environment), TracingSettings.from(environment));
    }

    private static Set<CouponId> couponIds(String text) {
        return Stream.of(text.split(",")).map(String::strip).filter(id -> !id.isEmpty()).map(CouponId::new)
                .collect(Collectors.toSet());
    }
}
