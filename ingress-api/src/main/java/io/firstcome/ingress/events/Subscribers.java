package io.firstcome.ingress.events;

import java.util.HashMap;
import java.util.Map;

/** The open event streams, one thread each, with limits for all callers together and for one caller. */
final class Subscribers {

    private final Map<Thread, Object> callers = new HashMap<>();
    private final Map<Object, Integer> perCaller = new HashMap<>();
    private final int max;
    private final int maxPerCaller;
    private boolean closed;

    Subscribers(int max, int maxPerCaller) {
        this.max = max;
        this.maxPerCaller = maxPerCaller;
    }

    /**
     * Registers the calling thread.
     *
     * @param caller the user or address that the limit per caller applies to
     * @return whether there is room for one more stream
     */
    synchronized boolean tryAdd(Object caller) {
        if (closed || callers.size() >= max || perCaller.getOrDefault(caller, 0) >= maxPerCaller) {
            return false;
        }
        callers.put(Thread.currentThread(), caller);
        perCaller.merge(caller, 1, Integer::sum);
        return true;
    }

    synchronized void remove() {
        perCaller.compute(callers.remove(Thread.currentThread()), (caller, count) -> count == 1 ? null : count - 1);
        // An interrupt by end() or close() must not affect what the thread does next.
        Thread.interrupted();
    }

    /** Interrupts the thread of one stream, unless the stream has ended already. */
    synchronized void end(Thread stream) {
        if (callers.containsKey(stream)) {
            stream.interrupt();
        }
    }

    synchronized int count() {
        return callers.size();
    }

    /** Interrupts all threads, also those that are blocked writing to a client that does not read. */
    synchronized void close() {
        closed = true;
        callers.keySet().forEach(Thread::interrupt);
    }
}
