package io.firstcome.ingress.identity;

import java.io.Closeable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource.OutageEvent;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.jose.util.health.HealthReport;
import com.nimbusds.jose.util.health.HealthStatus;

import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Credentials;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The public keys of the token issuer, from a file or a server. They are refreshed before they expire, and when a token
 * names an unknown key, at a limited rate. Known keys stay in use while the source is away.
 */
final class TokenKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final int CONNECT_TIMEOUT_MS = 1000;
    private static final int READ_TIMEOUT_MS = 2000;
    private static final int MAX_BYTES = 128 * 1024;
    /** Longer than one attempt to read the keys, which cannot be interrupted. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final URI location;
    private final JWKSource<SecurityContext> source;
    private final ServiceLoop reader;
    private volatile boolean known;

    /** @param lifetime how long keys are used before they are read again; a tenth of it is the shortest interval */
    TokenKeys(URI location, Duration lifetime, MeterRegistry meters) {
        this(location, lifetime, new DefaultResourceRetriever(CONNECT_TIMEOUT_MS, READ_TIMEOUT_MS, MAX_BYTES), meters);
    }

    /** As above, with another way to read the location. */
    TokenKeys(URI location, Duration lifetime, ResourceRetriever retriever, MeterRegistry meters) {
        this.location = location;
        this.reader = ServiceLoop.named("token-keys", this::readUnlessKnown, meters)
                .retry(Backoff.exponential(RETRY_INTERVAL, RETRY_INTERVAL)).closeTimeout(CLOSE_TIMEOUT).build();
        long millis = lifetime.toMillis();
        try {
            source = JWKSourceBuilder
                    .create(location.toURL(), retriever)
                    .cache(millis, millis / 10).refreshAheadCache(millis / 10, true).rateLimited(millis / 10)
                    .outageTolerant(Long.MAX_VALUE,
                            outage -> logFailure(((OutageEvent<SecurityContext>) outage).getException()))
                    .healthReporting(this::record).build();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws StartFailure when a file contains no keys. A server may be away and come back. */
    static TokenKeys from(URI location, MeterRegistry meters) {
        var keys = new TokenKeys(location, LIFETIME, meters);
        if (!keys.read() && "file".equals(location.getScheme())) {
            keys.close();
            throw new StartFailure(
                    "setting FIRSTCOME_JWKS names " + location.getPath() + ", which contains no key set");
        }
        return keys;
    }

    private void record(HealthReport<?, SecurityContext> report) {
        if (report.getHealthStatus() == HealthStatus.HEALTHY) {
            known = true;
        } else {
            logFailure(report.getException());
        }
    }

    private void logFailure(Exception cause) {
        String address = location.toString();
        LOG.warn("cannot read the token keys from {}: {}", Credentials.hiddenIn(address),
                Credentials.hiddenIn(String.valueOf(cause.getMessage()), address));
    }

    JWKSource<SecurityContext> source() {
        return source;
    }

    /** Whether the keys have been read at least once. */
    boolean areKnown() {
        return known;
    }

    /** Reads the keys unless they are known or were read a moment ago; returns whether they are known. */
    boolean read() {
        try {
            source.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
        } catch (KeySourceException e) {
            LOG.debug("no keys yet: {}", Credentials.hiddenIn(String.valueOf(e.getMessage()), location.toString()));
        }
        return known;
    }

    /** Reads the keys in the background until they are known or this is closed. */
    void readUntilKnown() {
        reader.start();
    }

    private void readUnlessKnown() throws InterruptedException {
        if (known || read()) {
            reader.beginClose();
        } else {
            TimeUnit.NANOSECONDS.sleep(RETRY_INTERVAL.toNanos());
        }
    }

    /** Why the keys are not read any more although they are not known; empty while all is well. For liveness. */
    Optional<String> problem() {
        return reader.problem();
    }

    @Override
    public void close() {
        reader.close();
        try {
            ((Closeable) source).close();
        } catch (IOException e) {
            LOG.warn("failed to close the source of token keys {}", Credentials.hiddenIn(location.toString()), e);
        }
    }
}
