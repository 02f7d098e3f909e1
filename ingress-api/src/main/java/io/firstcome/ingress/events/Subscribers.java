package io.firstcome.ingress.events;

import java.util.HashSet;
import java.util.Set;

/** Who follows at the moment: a thread each, in bounded number. At the end all are let go, whatever they are at. */
final class Subscribers {

    private final Set<Thread> threads = new HashSet<>();
    private final int most;
    private boolean closed;

    Subscribers(int most) {
        this.most = most;
    }

    /** @return whether the calling thread may follow */
    synchronized boolean enter() {
        return !closed && threads.size() < most && threads.add(Thread.currentThread());
    }

    synchronized void leave() {
        threads.remove(Thread.currentThread());
        // It came too late to end anything and must not end what the thread does next.
        Thread.interrupted();
    }

    synchronized int count() {
        return threads.size();
    }

    /** Interrupts also those who write to a connection that takes nothing. */
    synchronized void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
