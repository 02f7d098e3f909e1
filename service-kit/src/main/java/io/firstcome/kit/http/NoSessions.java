package io.firstcome.kit.http;

import java.util.function.Consumer;

import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.session.ManagedSession;

/** Nobody is remembered from one request to the next: a session never ends by itself, and strangers could open any number. */
final class NoSessions extends SessionHandler {

    @Override
    public void newSession(Request request, String requestedId, Consumer<ManagedSession> consumer) {
        throw new IllegalStateException("there are no sessions");
    }
}
