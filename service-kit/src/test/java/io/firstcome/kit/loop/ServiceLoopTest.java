package io.firstcome.kit.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.health.Health;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class ServiceLoopTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger steps = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private ServiceLoop loop;

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void shouldRepeatTheStepUntilItIsClosed() {
        // given
        start(loop(steps::incrementAndGet));
        await().until(() -> steps.get() > 3);

        // when
        loop.close();

        // then
        int after = steps.get();
        assertThat(ended.getCount()).isZero();
        assertThat(loop.problem()).isEmpty();
        await().during(Duration.ofMillis(100)).until(() -> steps.get() == after);
    }

    @Test
    void shouldRetryAfterARuntimeException() {
        // given
        List<RuntimeException> seen = new CopyOnWriteArrayList<>();
        var broken = new IllegalStateException("broken");
        var healed = new CountDownLatch(1);
        loop = loop(() -> {
            if (steps.incrementAndGet() < 3) {
                throw broken;
            }
            healed.await();
        }).retry(Backoff.NONE).onFailure(seen::add).build();

        // when
        loop.start();

        // then
        await().until(() -> steps.get() == 3);
        assertThat(seen).containsExactly(broken, broken);
        assertThat(loop.failure()).contains("java.lang.IllegalStateException: broken");
        assertThat(failures()).isEqualTo(2);
        healed.countDown();
        await().until(() -> loop.failure().isEmpty());
        assertThat(loop.problem()).isEmpty();
    }

    @Test
    void shouldEndTheWaitForARetryWhenItIsClosed() {
        // given
        start(loop(() -> {
            steps.incrementAndGet();
            throw new IllegalStateException("broken");
        }).retry(Backoff.exponential(Duration.ofHours(1), Duration.ofHours(1))).onClose(() -> {}));
        await().until(() -> loop.failure().isPresent());

        // when
        loop.close();

        // then
        assertThat(ended.getCount()).isZero();
        assertThat(steps).hasValue(1);
        assertThat(loop.problem()).isEmpty();
    }

    @Test
    void shouldEndOnARuntimeExceptionWithoutABackoff() {
        // given
        loop = loop(() -> {
            steps.incrementAndGet();
            throw new IllegalStateException("broken");
        }).build();

        // when
        loop.start();

        // then
        await().until(() -> loop.problem().isPresent());
        assertThat(loop.problem()).contains("ended because of java.lang.IllegalStateException: broken");
        assertThat(steps).hasValue(1);
    }

    @Test
    void shouldEndOnAnErrorAndNotBeLive() {
        // given
        var health = new Health();
        loop = loop(() -> {
            steps.incrementAndGet();
            throw new OutOfMemoryError("heap");
        }).retry(Backoff.NONE).build();
        health.liveWhen("loop", loop::problem);

        // when
        loop.start();

        // then
        await().until(() -> ended.getCount() == 0);
        assertThat(health.problemsOfLiveness())
                .containsEntry("loop", "ended because of java.lang.OutOfMemoryError: heap");
        loop.close();
        assertThat(steps).hasValue(1);
        assertThat(loop.problem()).isPresent();
    }

    @Test
    void shouldEndNormallyWhenAWakeupEndsTheStep() {
        // given
        var woken = new CountDownLatch(1);
        start(loop(() -> {
            steps.incrementAndGet();
            woken.await();
            throw new WakeupException();
        }).retry(Backoff.NONE).onClose(woken::countDown));
        await().until(() -> steps.get() == 1);

        // when
        loop.close();

        // then
        assertThat(ended.getCount()).isZero();
        assertThat(loop.problem()).isEmpty();
        assertThat(failures()).isZero();
    }

    @Test
    void shouldNotWaitForEverForAStepThatHangs() {
        // given
        var release = new CountDownLatch(1);
        start(loop(() -> {
            steps.incrementAndGet();
            release.await();
        }).onClose(() -> {}).closeTimeout(Duration.ofMillis(10)));
        await().until(() -> steps.get() == 1);

        // when
        loop.close();

        // then
        assertThat(ended.getCount()).isEqualTo(1);
        release.countDown();
        await().until(() -> ended.getCount() == 0);
    }

    @Test
    void shouldReleaseItsClientsThoughItWasNeverStarted() {
        // given
        loop = loop(steps::incrementAndGet).build();

        // when
        loop.close();

        // then
        assertThat(ended.getCount()).isZero();
        assertThat(steps).hasValue(0);
    }

    private ServiceLoop.Builder loop(ServiceLoop.Step step) {
        return ServiceLoop.named("test-loop", step, meters).onEnd(ended::countDown);
    }

    private void start(ServiceLoop.Builder builder) {
        loop = builder.build();
        loop.start();
    }

    private double failures() {
        return meters.get("firstcome.loop.failures").tag("loop", "test-loop").counter().count();
    }
}
