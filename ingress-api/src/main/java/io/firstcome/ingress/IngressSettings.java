package io.firstcome.ingress;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.ingress.claims.ClaimRoutes;
import io.firstcome.ingress.claims.ClaimRoutes.AppendDelays;
import io.firstcome.ingress.identity.IdentitySettings;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.settings.RenamedSettings;
import io.firstcome.kit.settings.Setting;
import io.firstcome.kit.tracing.TracingSettings;
import io.firstcome.readmodel.coupons.HolderSettings;
import io.firstcome.readmodel.events.EventSettings;
import io.firstcome.readmodel.requests.RequestSettings;

/**
 * All settings of an ingress.
 *
 * @param kafka the connection to Kafka
 * @param ackTimeout how long the brokers' acknowledgement may take before the outcome counts as unknown
 * @param redis the connection to Redis
 * @param gate the gate and the waits of claims
 * @param requests how many requests are remembered, and how long
 * @param holders how many holders of coupons are remembered
 * @param events the buffers and limits of event streams
 * @param identity the authentication of callers
 * @param protection the limits for claims
 * @param http ports, admin token and the other services
 * @param server the limits of each port, and how a stop begins
 * @param archiveAfter how long after its end a coupon is archived, if the commands do not live longer
 * @param labelledCoupons how many open coupons have a label of their own in the metrics
 * @param tracing whether and how requests are traced
 */
public record IngressSettings(
        KafkaSettings kafka,
        Duration ackTimeout,
        RedisSettings redis,
        GateSettings gate,
        RequestSettings requests,
        HolderSettings holders,
        EventSettings events,
        IdentitySettings identity,
        ProtectionSettings protection,
        HttpSettings http,
        HttpServerSettings server,
        Duration archiveAfter,
        int labelledCoupons,
        TracingSettings tracing) {

    private static final Setting<Duration> ACK_TIMEOUT = Setting.millis("FIRSTCOME_ACK_TIMEOUT_MS", 10_000, 1000,
            120_000, "How long the brokers' acknowledgement may take before a claim is answered 503 outcome-unknown.");

    /** Not before the retention of the commands: until then a command may be repeated that a holder once sent. */
    private static final Setting<Integer> ARCHIVE_AFTER = Setting.number("FIRSTCOME_ARCHIVE_AFTER_DAYS", 30, 7, 36_500,
            "days",
            "How long after its end a coupon is archived: the authority forgets its holders, and the database keeps"
                    + " them. Longer where `retention.ms` of `coupon-commands` is longer, and never where it is"
                    + " unlimited.");

    private static final Setting<Integer> LABELLED_COUPONS = Setting.number("FIRSTCOME_METRICS_COUPONS_MAX", 50, 0,
            1000, "coupons",
            "How many open coupons have a label of their own in the metrics: those that opened last. All others are"
                    + " added up under the label `other`. 0 for none.");

    /**
     * What a claim takes besides its waits: the gate's answer, a full producer buffer, and writing the response.
     */
    private static final Duration PROCESSING = Duration.ofSeconds(2);

    /** How far the answers of an ingress may be behind the log. */
    private static final Duration READ_DELAY = Duration.ofSeconds(15);

    /** All settings, for the documentation. */
    public static final List<Setting<?>> ALL = Stream
            .of(KafkaSettings.ALL, List.of(ACK_TIMEOUT, ARCHIVE_AFTER, LABELLED_COUPONS), RedisSettings.ALL,
                    GateSettings.ALL, RequestSettings.ALL, HolderSettings.ALL, EventSettings.ALL, IdentitySettings.ALL,
                    ProtectionSettings.ALL, HttpSettings.ALL, HttpServerSettings.ALL, TracingSettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /**
     * The settings of an environment.
     *
     * @throws StartFailure naming the setting whose value is not valid or contradicts another
     */
    public static IngressSettings from(Map<String, String> environment) {
        RenamedSettings.reject(environment);
        var server = HttpServerSettings.from(environment);
        var events = EventSettings.from(environment);
        var settings = new IngressSettings(KafkaSettings.from(environment), ACK_TIMEOUT.from(environment),
                RedisSettings.from(environment), GateSettings.from(environment), RequestSettings.from(environment),
                HolderSettings.from(environment), events, IdentitySettings.from(environment),
                ProtectionSettings.from(environment).within(server.connections(), events.subscribers()),
                HttpSettings.from(environment), server, Duration.ofDays(ARCHIVE_AFTER.from(environment)),
                LABELLED_COUPONS.from(environment), TracingSettings.from(environment));
        settings.requireReservationsThatOutliveAppends();
        return settings;
    }

    /**
     * A claim that reached the log after its reservation had ended could win a place that the gate had given away,
     * after its user heard a final answer to a repetition.
     */
    private void requireReservationsThatOutliveAppends() {
        Duration sending = ackTimeout.plus(CommandPublisher.LONGEST_BLOCK).plus(gate.skew());
        if (gate.reservation().compareTo(sending) < 0) {
            throw new StartFailure("setting FIRSTCOME_RESERVATION_MS=" + gate.reservation().toMillis()
                    + " must be at least FIRSTCOME_ACK_TIMEOUT_MS=" + ackTimeout.toMillis() + " plus "
                    + CommandPublisher.LONGEST_BLOCK.toMillis() + " (a full producer buffer) plus"
                    + " FIRSTCOME_CLOCK_SKEW_MS=" + gate.skew().toMillis()
                    + ", so that no claim reaches the log after its reservation has ended");
        }
        if (requests.retention().compareTo(gate.reservation()) < 0) {
            throw new StartFailure("setting FIRSTCOME_REQUESTS_RETENTION_MS=" + requests.retention().toMillis()
                    + " must be at least FIRSTCOME_RESERVATION_MS=" + gate.reservation().toMillis()
                    + ", so that a request is not forgotten before its reservation has ended");
        }
    }

    /**
     * The longest time of a request that does not wait for a decision. A stop must wait that long to answer every
     * request.
     */
    Duration longestAnswer() {
        return longestSending().plus(PROCESSING);
    }

    /** A claim may wait for stock, then for the gate, for stock again, for another request, and for the log. */
    private Duration longestSending() {
        return gate.stockWait().multipliedBy(2).plus(ClaimRoutes.LONGEST_WAIT).plus(ackTimeout);
    }

    /**
     * How late a claim may still reach the log. An ingress that is behind the log sends claims after the sell-out. Each
     * of them may wait for stock, for the gate and for another request, and its acknowledgement may take long. A
     * reservation may last longer still.
     */
    AppendDelays appendDelays() {
        Duration sending = longestSending();
        Duration longest = sending.compareTo(gate.reservation()) > 0 ? sending : gate.reservation();
        Duration beyondReservation = ackTimeout.plus(PROCESSING).minus(gate.reservation());
        return new AppendDelays(longest.plus(READ_DELAY).plus(PROCESSING),
                beyondReservation.isNegative() ? Duration.ZERO : beyondReservation);
    }
}
