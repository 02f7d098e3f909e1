package io.firstcome.kit.early;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.VirtualThreads;

/**
 * Lets {@link EarlyAnswers} answer on the thread that serves the connection, and starts a virtual thread for every
 * other request. Only requests with a short content are read here: a content that did not arrive with the head is
 * awaited without a thread, one that arrives in parts is left to the routes.
 */
public final class EarlyHandler extends Handler.Wrapper {

    private static final int MAX_BODY_BYTES = 1024;
    /**
     * How many requests in a row one connection gets answered by the thread that serves all connections. Jetty reads a
     * connection for as long as it has requests, so a caller who sends without pause would hold that thread.
     */
    private static final int TURN = 32;

    private final EarlyAnswers answers;
    private final AnswerObserver observer;
    private final ThreadLocal<Turn> turns = ThreadLocal.withInitial(Turn::new);
    private Executor virtualThreads;

    /** The requests in a row that one thread has answered for one connection. */
    private static final class Turn {

        private Connection connection;
        private int answered;

        boolean isOver(Connection next) {
            answered = next == connection ? answered + 1 : 1;
            connection = next;
            return answered % TURN == 0;
        }
    }

    /** Observes early answers. */
    @FunctionalInterface
    public interface AnswerObserver {

        /** Is called with each early answer before it is sent, and the time since the request began. */
        void answered(Request request, EarlyAnswer answer, long nanos);
    }

    /** @param observer receives every early answer */
    public EarlyHandler(EarlyAnswers answers, AnswerObserver observer) {
        this.answers = answers;
        this.observer = observer;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    protected void doStart() throws Exception {
        virtualThreads = VirtualThreads.getVirtualThreadsExecutor(getServer().getThreadPool());
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        long length = request.getLength();
        if (length <= 0 || length > MAX_BODY_BYTES || !answers.mayAnswer(request)) {
            passOn(request, response, callback);
            return true;
        }
        Content.Chunk chunk = request.read();
        if (chunk == null) {
            // Many clients send the head and the content in two packets.
            request.demand(Invocable.from(InvocationType.NON_BLOCKING,
                    () -> answerOrPassOn(request, request.read(), response, callback)));
        } else {
            answerOrPassOn(request, chunk, response, callback);
        }
        return true;
    }

    private void answerOrPassOn(Request request, Content.Chunk chunk, Response response, Callback callback) {
        try {
            if (chunk == null || Content.Chunk.isFailure(chunk) || chunk.remaining() != request.getLength()) {
                passOn(chunk == null ? request : new ReplayedRequest(request, chunk), response, callback);
                return;
            }
            EarlyAnswer answer = answers.answer(request, chunk.getByteBuffer().asReadOnlyBuffer());
            if (answer == null) {
                passOn(new ReplayedRequest(request, chunk), response, callback);
                return;
            }
            chunk.release();
            if (turns.get().isOver(request.getConnectionMetaData().getConnection())) {
                virtualThreads.execute(() -> send(request, response, callback, answer));
            } else {
                send(request, response, callback, answer);
            }
        } catch (RuntimeException e) {
            Response.writeError(request, response, callback, e);
        }
    }

    private void send(Request request, Response response, Callback callback, EarlyAnswer answer) {
        try {
            observer.answered(request, answer, NanoTime.since(request.getHeadersNanoTime()));
            response.setStatus(answer.status());
            HttpFields.Mutable headers = response.getHeaders();
            answer.headers().forEach(headers::add);
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
        } catch (RuntimeException e) {
            Response.writeError(request, response, callback, e);
        }
    }

    private void passOn(Request request, Response response, Callback callback) {
        try {
            virtualThreads.execute(() -> handleByRoutes(request, response, callback));
        } catch (RejectedExecutionException e) {
            Response.writeError(request, response, callback, 503, null, e);
        }
    }

    private void handleByRoutes(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Throwable e) {
            Response.writeError(request, response, callback, e);
        }
    }

    /** A request whose first chunk was read already. */
    private static final class ReplayedRequest extends Request.Wrapper {

        private Content.Chunk first;

        ReplayedRequest(Request request, Content.Chunk first) {
            super(request);
            this.first = first;
        }

        @Override
        public Content.Chunk read() {
            Content.Chunk chunk = first;
            first = null;
            return chunk == null ? super.read() : chunk;
        }

        @Override
        public boolean consumeAvailable() {
            if (first != null) {
                first.release();
                first = null;
            }
            return super.consumeAvailable();
        }

        @Override
        public void demand(Runnable demandCallback) {
            if (first == null) {
                super.demand(demandCallback);
            } else {
                demandCallback.run();
            }
        }
    }
}
