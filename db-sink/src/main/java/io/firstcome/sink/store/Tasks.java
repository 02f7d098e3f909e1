package io.firstcome.sink.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.common.errors.InterruptException;

/** Waits for tasks that run in other threads. */
final class Tasks {

    private Tasks() {}

    /** The result of a task. Its exception or error is thrown as if the task had run in this thread. */
    static <T> T result(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException exception -> throw exception;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
