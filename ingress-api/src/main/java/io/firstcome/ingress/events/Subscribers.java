package io.firstcome.ingress.events;

import java.util.HashMap;
import java.util.Map;

import io.firstcome.readmodel.events.EventSettings;

/**
 * Who follows at the moment: a thread each, in bounded number, so many of one caller. At the end all are let go, whatever
 * they are at.
 */
final class Subscribers {

    private final Map<Thread, Object> callers = new HashMap<>();
    private final Map<Object, Integer> perCaller = new HashMap<>();
    private final int most;
    private final int mostOfOne;
    private boolean closed;

    Subscribers(EventSettings settings) {
        this.most = settings.subscribers();
        this.mostOfOne = settings.perCaller();
    }

    /**
     * @param caller who asks, by a value that is equal for the same one
     * @return whether the calling thread may follow
     */
    synchronized boolean enter(Object caller) {
        if (closed || callers.size() >= most || perCaller.getOrDefault(caller, 0) >= mostOfOne) {
            return false;
        }
        callers.put(Thread.currentThread(), caller);
        perCaller.merge(caller, 1, Integer::sum);
        return true;
    }

    synchronized void leave() {
        perCaller.compute(callers.remove(Thread.currentThread()), (caller, count) -> count == 1 ? null : count - 1);
        // It came too late to end anything and must not end what the thread does next.
        Thread.interrupted();
    }

    synchronized int count() {
        return callers.size();
    }

    /** Interrupts also those who write to a connection that takes nothing. */
    synchronized void close() {
        closed = true;
        callers.keySet().forEach(Thread::interrupt);
    }
}
