package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.micrometer.core.instrument.Counter;
import redis.clients.jedis.HostAndPort;

/** What went wrong in a row: it is tried again ever more rarely, and each kind of it is told once. */
final class RetryBackoff {

    private static final Logger LOG = LoggerFactory.getLogger(RetryBackoff.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final HostAndPort redis;
    private final Counter counter;
    private final CountDownLatch stopped;
    private final Set<Class<?>> told = new HashSet<>();
    private int inARow;

    /** @param stopped ends every pause */
    RetryBackoff(HostAndPort redis, Counter counter, CountDownLatch stopped) {
        this.redis = redis;
        this.counter = counter;
        this.stopped = stopped;
    }

    void add(Throwable e) {
        inARow++;
        counter.increment();
        if (told.add(e.getClass())) {
            LOG.warn("nothing is projected into the gate at {}, trying on", redis, e);
        }
    }

    boolean isAny() {
        return inARow > 0;
    }

    void pause() {
        try {
            stopped.await(Math.min(50L << Math.min(inARow, 10), LONGEST_PAUSE.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    void over() {
        LOG.info("the gate at {} is projected again", redis);
        told.clear();
        inARow = 0;
    }
}
