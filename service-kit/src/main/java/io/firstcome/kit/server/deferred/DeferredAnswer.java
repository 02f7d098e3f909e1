package io.firstcome.kit.server.deferred;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.slf4j.MDC;

import io.firstcome.kit.server.spans.RequestSpans;
import io.javalin.http.Context;

/** Answers a request when a result is there. No thread waits meanwhile. */
public final class DeferredAnswer {

    private DeferredAnswer() {}

    /**
     * Answers a request later. The caller must return from the handler of the request without another answer.
     *
     * @param result must complete in any case, on a thread that may block: the answer is written on this thread
     * @param answer writes the answer. The handlers of the port answer for exceptions, as they do for a handler.
     */
    public static <T> void when(Context context, CompletionStage<T> result, Consumer<? super T> answer) {
        Map<String, String> logFields = MDC.getCopyOfContextMap();
        // The thread of the handler may serve another request now.
        RequestSpans.leaveThread(context);
        MDC.clear();
        context.future(() -> result.thenAccept(value -> {
            if (logFields != null) {
                MDC.setContextMap(logFields);
            }
            answer.accept(value);
        }).toCompletableFuture());
    }
}
