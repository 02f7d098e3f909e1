package io.firstcome.testkit.awaitility;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets {@code await()} wait for a minute instead of ten seconds: that a machine is busy is no failure. JUnit finds this as a
 * service before it runs the first test of a module.
 */
public final class AwaitilityDefaults implements LauncherSessionListener {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}
