package io.firstcome.kit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

class SlowConnectionCloserTest {

    private final ScheduledByHand scheduler = new ScheduledByHand();
    private Runnable whileLooking = () -> {};
    private final ServerConnector connector = new ServerConnector(new Server(), null, scheduler, null, 1, 1) {
        @Override
        public Collection<EndPoint> getConnectedEndPoints() {
            whileLooking.run();
            return super.getConnectedEndPoints();
        }
    };
    private final SlowConnectionCloser watch = new SlowConnectionCloser(connector, Duration.ofSeconds(1));

    @Test
    void shouldGoOnAfterAFailure() throws Exception {
        // given
        watch.start();
        whileLooking = () -> {
            throw new IllegalStateException("a connection went away under the look");
        };

        // when
        scheduler.runNext();

        // then
        assertThat(scheduler.tasks).hasSize(1);
    }

    @Test
    void shouldNotGoOnOnceStopped() throws Exception {
        // given
        watch.start();
        whileLooking = () -> LifeCycle.stop(watch);

        // when
        scheduler.runNext();

        // then
        assertThat(scheduler.tasks).isEmpty();
    }

    private static final class ScheduledByHand extends AbstractLifeCycle implements Scheduler {

        private final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public Task schedule(Runnable task, long delay, TimeUnit units) {
            tasks.add(task);
            return () -> tasks.remove(task);
        }

        private void runNext() {
            tasks.remove().run();
        }
    }
}
