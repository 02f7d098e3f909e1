package io.firstcome.system;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.standalone.stack.Ports;
import io.firstcome.standalone.stack.Stack;
import io.firstcome.standalone.stack.StackOptions;

/** Provides the endpoints of one stack that all test classes share. Each sale uses its own coupon. */
final class SharedStack implements ParameterResolver {

    /**
     * Names the stack as a resource. A class that uses only coupons of its own reads it, and several do so at the same
     * time; a class that disturbs the stack, such as by a FLUSHALL, has it alone.
     */
    static final String LOCK = "shared stack";

    /** Closed by JUnit after the last test. */
    private record StartedStack(Stack stack, Endpoints endpoints) implements AutoCloseable {

        static StartedStack start() {
            try {
                RecordedSpans.use();
                // Of the requests without traceparent none is sampled.
                var options = StackOptions.embedded(Files.createTempDirectory("firstcome-system-"), Ports.free())
                        .with(Map.of("FIRSTCOME_TRACING", "otlp", "FIRSTCOME_TRACING_RATIO", "0"));
                Stack stack = new Stack(options, (_, _, _) -> {});
                return new StartedStack(stack, stack.start());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            stack.discard();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Endpoints.class;
    }

    @Override
    public Endpoints resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(Namespace.create(SharedStack.class))
                .computeIfAbsent(StartedStack.class, _ -> StartedStack.start(), StartedStack.class).endpoints();
    }
}
