package io.firstcome.ingress.admin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.ingress.publishing.Publication;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Sends {@link ArchiveCoupon} for each coupon that ended or was closed long ago, so that the authority does not keep
 * the holders of all coupons for ever. Several ingresses may send the same command: its request id depends on the
 * coupon alone, and archiving an archived coupon changes nothing.
 */
public final class Archiver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);

    /** Nothing depends on the moment, and each pass looks at every coupon. */
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final CouponRegistry registry;
    private final Function<CouponCommand, CompletionStage<Publication>> publisher;
    private final ArchiveTimes times;
    private final InstantSource clock;
    private final Duration interval;
    private final ServiceLoop loop;
    private boolean isUnlimitedLogged;

    /** @param times when coupons may be archived, by this clock */
    public Archiver(CouponRegistry registry, Function<CouponCommand, CompletionStage<Publication>> publisher,
            ArchiveTimes times, InstantSource clock, MeterRegistry meters) {
        this(registry, publisher, times, clock, INTERVAL, meters);
    }

    /** As above, with another interval. */
    Archiver(CouponRegistry registry, Function<CouponCommand, CompletionStage<Publication>> publisher,
            ArchiveTimes times, InstantSource clock, Duration interval, MeterRegistry meters) {
        this.registry = registry;
        this.publisher = publisher;
        this.times = times;
        this.clock = clock;
        this.interval = interval;
        this.loop = ServiceLoop.named("archiver", this::step, meters)
                .retry(Backoff.exponential(Duration.ofSeconds(1), Duration.ofMinutes(1))).build();
    }

    /** Starts to look for ended coupons, the first time after an interval. */
    public void start() {
        loop.start();
    }

    private void step() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(interval.toNanos());
        archiveEnded();
    }

    /** @throws IllegalStateException when a command is not known to be in the log; the next pass sends it again */
    void archiveEnded() {
        Optional<Duration> delay = times.delay();
        if (delay.isEmpty()) {
            logUnlimited();
            return;
        }
        isUnlimitedLogged = false;
        Predicate<CouponState> hasEnded = state -> times.hasEnded(state, delay.get(), clock.instant());
        List<CouponState> ended = registry.all().filter(state -> state.status() != CouponStatus.ARCHIVED)
                .filter(hasEnded).toList();
        for (CouponState state : ended) {
            // Asked again: the acknowledgement of the command before may have shown that the clock is wrong.
            if (hasEnded.test(state)) {
                archive(state);
            }
        }
    }

    private void logUnlimited() {
        if (!isUnlimitedLogged) {
            LOG.warn(
                    "no coupon is archived, because retention.ms of {} is unlimited: none is before the commands of its"
                            + " time expire. Archive coupons by hand, or limit the retention",
                    Topics.COMMANDS.name());
            isUnlimitedLogged = true;
        }
    }

    private void archive(CouponState state) {
        var command = new ArchiveCoupon(requestId(state.couponId()), state.couponId());
        switch (publisher.apply(command).toCompletableFuture().join()) {
            case Appended _ -> LOG.atInfo().addKeyValue(LogFields.REQUEST_ID, command.requestId())
                    .addKeyValue(LogFields.COUPON_ID, state.couponId())
                    .log("archives a coupon, which ended at {}", registry.endOf(state));
            case Unknown(var cause) -> throw notArchived(command, cause);
            case NotSent(var cause) -> throw notArchived(command, cause);
        }
    }

    private static IllegalStateException notArchived(ArchiveCoupon command, String cause) {
        return new IllegalStateException(
                "request " + command.requestId() + " to archive coupon " + command.couponId() + ": " + cause);
    }

    static RequestId requestId(CouponId couponId) {
        byte[] name = ("archive " + couponId).getBytes(StandardCharsets.UTF_8);
        return new RequestId(UUID.nameUUIDFromBytes(name).toString());
    }

    /** Why the loop has ended; empty while it runs. */
    public Optional<String> problem() {
        return loop.problem();
    }

    @Override
    public void close() {
        loop.close();
    }
}
