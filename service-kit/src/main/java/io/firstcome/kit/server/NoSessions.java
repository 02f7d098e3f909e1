package io.firstcome.kit.server;

import java.util.function.Consumer;

import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.session.ManagedSession;

/** Prevents HTTP sessions: no service needs one, they never expire, and any client could open any number. */
final class NoSessions extends SessionHandler {

    @Override
    public void newSession(Request request, String requestedId, Consumer<ManagedSession> consumer) {
        throw new IllegalStateException("there are no sessions");
    }
}
