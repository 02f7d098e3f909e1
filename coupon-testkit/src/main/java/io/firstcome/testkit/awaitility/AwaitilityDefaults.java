package io.firstcome.testkit.awaitility;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Sets the default timeout of {@code await()} to one minute: Awaitility's ten seconds are too short on a busy machine.
 * JUnit loads this class as a service before it runs the first test of a module.
 */
public final class AwaitilityDefaults implements LauncherSessionListener {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(TIMEOUT);
    }
}
