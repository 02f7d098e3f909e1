package io.firstcome.testkit.awaitility;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Sets the default timeout of {@code await()} to one minute, because Awaitility's ten seconds are too short on a busy
 * machine, and checks a condition at once and then every 25 ms: Awaitility's first 100 ms are most of the time of a
 * test
 * that awaits hundreds of conditions.
 * JUnit loads this class as a service before it runs the first test of a module.
 */
public final class AwaitilityDefaults implements LauncherSessionListener {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(25);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(TIMEOUT);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(POLL_INTERVAL);
    }
}
