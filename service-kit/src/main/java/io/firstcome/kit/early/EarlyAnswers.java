package io.firstcome.kit.early;

import java.nio.ByteBuffer;

import org.eclipse.jetty.server.Request;

/**
 * Answers the requests whose answer is certain and cheap, before Javalin sees them: no thread is started and no route
 * is looked up. Every other request goes to the routes unchanged. Both methods run on the threads that serve the
 * connections, so they must not block.
 */
public interface EarlyAnswers {

    /** Whether a request may get an early answer. Decides by the head of the request. */
    boolean mayAnswer(Request request);

    /**
     * Answers a request.
     *
     * @param body the whole content of the request
     * @return null when the routes must answer
     */
    EarlyAnswer answer(Request request, ByteBuffer body);
}
