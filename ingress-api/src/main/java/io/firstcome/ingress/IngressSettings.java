package io.firstcome.ingress;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.ingress.identity.IdentitySettings;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.kit.http.HttpServerSettings;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.settings.RenamedSettings;
import io.firstcome.kit.settings.Setting;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;

/**
 * Everything that can be set about an ingress.
 *
 * @param kafka the log
 * @param ackPatience how long the log's acknowledgement may take before the outcome is called unknown
 * @param redis the gate's server
 * @param gate the gate's behaviour
 * @param verdicts the memory of requests
 * @param events what is kept for those who follow events
 * @param identity how callers prove who they are
 * @param protection how much is taken from whom
 * @param http ports, token, processor
 * @param edge what the ports bear, and how a stop begins
 */
public record IngressSettings(
        KafkaSettings kafka,
        Duration ackPatience,
        RedisSettings redis,
        GateSettings gate,
        RequestSettings verdicts,
        EventSettings events,
        IdentitySettings identity,
        ProtectionSettings protection,
        HttpSettings http,
        HttpServerSettings edge) {

    private static final Setting<Duration> ACK_PATIENCE = Setting.millis("FIRSTCOME_ACK_TIMEOUT_MS", 10_000, 1000,
            120_000, "How long the log's acknowledgement may take before a claim is answered 503 outcome-unknown.");

    /** What a claim may take beside its two waits: the gate's answer, a full buffer of the producer, and being written. */
    private static final Duration BESIDE_THE_WAITS = Duration.ofSeconds(2);

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = Stream.of(KafkaSettings.ALL, List.of(ACK_PATIENCE), RedisSettings.ALL,
            GateSettings.ALL, RequestSettings.ALL, EventSettings.ALL, IdentitySettings.ALL, ProtectionSettings.ALL,
            HttpSettings.ALL, HttpServerSettings.ALL).<Setting<?>>flatMap(List::stream).toList();

    /**
     * The settings of an environment.
     *
     * @throws io.firstcome.kit.service.StartFailure naming the first key whose value is not allowed, or two that do not fit
     */
    public static IngressSettings from(Map<String, String> environment) {
        RenamedSettings.reject(environment);
        var settings = new IngressSettings(KafkaSettings.from(environment), ACK_PATIENCE.from(environment),
                RedisSettings.from(environment), GateSettings.from(environment), RequestSettings.from(environment),
                EventSettings.from(environment), IdentitySettings.from(environment),
                ProtectionSettings.from(environment), HttpSettings.from(environment),
                HttpServerSettings.from(environment));
        settings.protection().requireRoomFor(settings.edge());
        return settings;
    }

    /** How long a request may be under way that waits for no decision: a stop that drops it sooner leaves it unanswered. */
    Duration longestAnswer() {
        return gate.stockWait().plus(ackPatience).plus(BESIDE_THE_WAITS);
    }
}
