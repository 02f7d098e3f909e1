package io.firstcome.ingress.identity;

import java.io.Closeable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;

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
import com.nimbusds.jose.util.health.HealthReport;
import com.nimbusds.jose.util.health.HealthStatus;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Credentials;

/**
 * The public keys of whoever issues the tokens, from a file or a server. They are read again before they are too old, and
 * when a token names one that is not among them, though not more often than every so long, whatever tokens come. Keys once
 * known stay in use while there are no newer ones to be had.
 */
final class TokenKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final int CONNECT_MILLIS = 1000;
    private static final int READ_MILLIS = 2000;
    private static final int LARGEST_BYTES = 128 * 1024;

    private final URI where;
    private final JWKSource<SecurityContext> source;
    private final Thread reading = Thread.ofVirtual().name("token-keys").unstarted(this::keepReading);
    private volatile boolean known;

    /** @param lifetime how long keys are used before they are read again; a tenth of it lies between two readings */
    TokenKeys(URI where, Duration lifetime) {
        this.where = where;
        long millis = lifetime.toMillis();
        try {
            source = JWKSourceBuilder
                    .create(where.toURL(), new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, LARGEST_BYTES))
                    .cache(millis, millis / 10).refreshAheadCache(millis / 10, true).rateLimited(millis / 10)
                    .outageTolerant(Long.MAX_VALUE,
                            outage -> missed(((OutageEvent<SecurityContext>) outage).getException()))
                    .healthReporting(this::noted).build();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws StartFailure when a file holds no keys. A server may be away and come back. */
    static TokenKeys from(URI where) {
        var keys = new TokenKeys(where, LIFETIME);
        if (!keys.read() && "file".equals(where.getScheme())) {
            keys.close();
            throw new StartFailure("setting FIRSTCOME_JWKS names " + where.getPath() + ", which holds no set of keys");
        }
        return keys;
    }

    private void noted(HealthReport<?, SecurityContext> report) {
        if (report.getHealthStatus() == HealthStatus.HEALTHY) {
            known = true;
        } else {
            missed(report.getException());
        }
    }

    private void missed(Exception why) {
        String address = where.toString();
        LOG.warn("the keys of the tokens cannot be read from {}: {}", Credentials.hiddenIn(address),
                Credentials.hiddenIn(String.valueOf(why.getMessage()), address));
    }

    JWKSource<SecurityContext> source() {
        return source;
    }

    /** Whether they have been read once. */
    boolean areKnown() {
        return known;
    }

    /** Reads them unless they are known, if it is not too soon after the last time. */
    boolean read() {
        try {
            source.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
        } catch (KeySourceException e) {
            LOG.debug("no keys yet: {}", Credentials.hiddenIn(String.valueOf(e.getMessage()), where.toString()));
        }
        return known;
    }

    /** Reads them from now on, without keeping anybody waiting, until they are known or this is closed. */
    void readUntilKnown() {
        reading.start();
    }

    private void keepReading() {
        try {
            while (!known && !read()) {
                Thread.sleep(BETWEEN_TRIES);
            }
        } catch (InterruptedException e) {
            LOG.debug("told to stop reading keys");
        }
    }

    @Override
    public void close() {
        reading.interrupt();
        try {
            ((Closeable) source).close();
        } catch (IOException e) {
            LOG.warn("the keys of the tokens from {} were not closed well", Credentials.hiddenIn(where.toString()), e);
        }
    }
}
