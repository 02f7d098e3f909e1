package io.firstcome.kit.server.deferred;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.slf4j.MDC;

import io.firstcome.kit.server.deferred.DisconnectMonitor.Watch;
import io.firstcome.kit.server.spans.RequestSpans;
import io.javalin.http.Context;

/** Answers a request when a result is there. No thread waits meanwhile. */
public final class DeferredAnswer {

    /** Answers a request with a result. */
    public interface Answer<T> {

        /** Writes the answer, or defers it again. */
        void with(T result) throws Exception;
    }

    private DeferredAnswer() {}

    /**
     * Answers a request later. The caller must return from the handler of the request without another answer.
     *
     * @param result must complete in any case, on a thread that may block: the answer is written on this thread
     * @param giveUp is called when the client disconnects, and should complete the result. It must not block.
     * @param answer writes the answer. The handlers of the port answer for exceptions, as they do for a handler.
     */
    public static <T> void when(Context context, CompletionStage<T> result, Runnable giveUp,
            Answer<? super T> answer) {
        Map<String, String> logFields = MDC.getCopyOfContextMap();
        // The thread of the handler may serve another request now.
        RequestSpans.leaveThread(context);
        MDC.clear();
        Watch watch = DisconnectMonitor.watch(context, giveUp);
        context.future(() -> result.thenAccept(value -> {
            watch.end();
            if (logFields != null) {
                MDC.setContextMap(logFields);
            }
            write(answer, value);
        }).toCompletableFuture());
    }

    private static <T> void write(Answer<? super T> answer, T value) {
        try {
            answer.with(value);
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
