package io.firstcome.kit.server.pipelining;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;

import io.javalin.http.Context;

/**
 * Keeps callers who send requests without waiting for the answers (pipelining) from taking the turn of others.
 *
 * <p>Jetty handles all requests of a connection that have arrived in a row, on one virtual thread, and a virtual thread
 * keeps its processor until it waits: few such callers would let all others wait. Here every request in a row has a
 * virtual thread of its own, so that other threads can have the processor in between. Few requests that were sent
 * before the last answer are at work at the same time, in turn for all connections; further ones wait, and requests of
 * callers who wait for each answer pass them. After a refusal the next request that was sent already is read later: its
 * caller does not heed the refusal, or cannot know it yet.
 */
public final class PipelinedRequests extends Handler.Wrapper {

    private final Semaphore places;
    private final Duration longestWait;
    private final Duration pause;
    private Executor virtualThreads;

    /**
     * @param places how many pipelined requests are at work at the same time, from the beginning of their handling to
     *        the beginning of their answer, or to {@link #leavePlace}
     * @param longestWait how long a pipelined request waits for a place before it is handled without one
     * @param pause between a refusal and the next request, if that was sent before the refusal could be read
     */
    public PipelinedRequests(int places, Duration longestWait, Duration pause) {
        this.places = new Semaphore(places, true);
        this.longestWait = longestWait;
        this.pause = pause;
    }

    /**
     * Gives back the place of a request that waits from now on and is not at work. Does nothing for a request without a
     * place.
     */
    public static void leavePlace(Context context) {
        Place place = Response.as(
                ServletContextRequest.getServletContextRequest(context.req()).getServletContextResponse(), Place.class);
        if (place != null) {
            place.giveBack();
        }
    }

    @Override
    protected void doStart() throws Exception {
        virtualThreads = VirtualThreads.getVirtualThreadsExecutor(getServer().getThreadPool());
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!(request.getConnectionMetaData().getConnection() instanceof TurnConnection connection)) {
            return super.handle(request, response, callback);
        }
        var paced = new PacedCallback(connection, request, response, callback);
        boolean inARow = connection.isInARow();
        boolean pipelined = connection.isPipelined();
        if (!inARow && !pipelined) {
            return super.handle(request, response, paced);
        }
        try {
            virtualThreads.execute(pipelined
                    ? () -> handleInPlace(request, response, paced)
                    : () -> handleInTurn(request, response, paced));
        } catch (RejectedExecutionException stopping) {
            Response.writeError(request, response, callback, 503, null, stopping);
        }
        return true;
    }

    private void handleInPlace(Request request, Response response, Callback callback) {
        try {
            Place place = Place.await(places, longestWait, request, response);
            try {
                handleInTurn(request, place, callback);
            } finally {
                place.giveBack();
            }
        } catch (InterruptedException stopping) {
            Response.writeError(request, response, callback, 503, null, stopping);
        }
    }

    private void handleInTurn(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Throwable e) {
            Response.writeError(request, response, callback, e);
        }
    }

    /** Completes a request; until then Jetty does not read the next one of the connection. */
    private final class PacedCallback extends Callback.Nested {

        private final TurnConnection connection;
        private final Request request;
        private final Response response;

        PacedCallback(TurnConnection connection, Request request, Response response, Callback callback) {
            super(callback);
            this.connection = connection;
            this.request = request;
            this.response = response;
        }

        @Override
        public void succeeded() {
            boolean nextIsHere = isNextRequestHere();
            connection.nextIsHere(nextIsHere);
            if (nextIsHere && isRefusal()) {
                getServer().getScheduler().schedule(super::succeeded, pause.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                super.succeeded();
            }
        }

        /** Whether the caller is asked to come back later. */
        private boolean isRefusal() {
            return (response.getStatus() == 429 || response.getStatus() == 503)
                    && response.getHeaders().contains(HttpHeader.RETRY_AFTER);
        }

        /** What is left of the content of this request is not the next request. */
        private boolean isNextRequestHere() {
            return !connection.isRequestBufferEmpty() && request.consumeAvailable()
                    && !connection.isRequestBufferEmpty();
        }
    }
}
