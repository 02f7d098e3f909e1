package io.firstcome.ingress.testing;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Holds the name of the running test; tests run one after the other. JUnit registers this extension automatically. */
public final class CurrentTest implements BeforeAllCallback, BeforeEachCallback {

    private static volatile String name = "";

    @Override
    public void beforeAll(ExtensionContext context) {
        name = context.getRequiredTestClass().getSimpleName() + ", before its tests";
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        name = context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName();
    }

    /** The class and method, such as {@code ClaimRoutesTest.shouldIssue}; empty before the first test. */
    static String name() {
        return name;
    }
}
