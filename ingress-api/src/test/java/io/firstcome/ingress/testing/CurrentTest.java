package io.firstcome.ingress.testing;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Holds the name of the test that this thread, or the thread that started this thread, runs. JUnit registers this
 * extension automatically.
 */
public final class CurrentTest implements BeforeAllCallback, BeforeEachCallback {

    private static final InheritableThreadLocal<String> NAME = new InheritableThreadLocal<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        NAME.set(context.getRequiredTestClass().getSimpleName() + ", before its tests");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        NAME.set(context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName());
    }

    /** The class and method, such as {@code ClaimRoutesTest.shouldIssue}. */
    static String name() {
        return NAME.get();
    }
}
