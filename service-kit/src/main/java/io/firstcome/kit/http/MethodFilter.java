package io.firstcome.kit.http;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets only methods through that mean what they say. Javalin would take any word for a method, those that it keeps for
 * its filters too, would let a header change the method or pass all handlers by, and would answer HEAD without asking the
 * handler of GET.
 */
final class MethodFilter extends Handler.Wrapper {

    /** The attribute of requests whose answer goes without its body. */
    static final String HEAD = MethodFilter.class.getName() + ".head";

    /** The second makes Javalin look for a WebSocket, and open a session for it, whatever else the request says. */
    private static final Set<String> IGNORED = Set.of("X-HTTP-Method-Override", "Sec-WebSocket-Version");
    private static final Set<String> KNOWN = new TreeSet<>(
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
    /** What an unknown method may be replaced by, as the header {@code Allow} says it; a path may know fewer. */
    static final String ALLOWED = String.join(", ", KNOWN);

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!KNOWN.contains(request.getMethod())) {
            Response.writeError(request, response, callback, 405);
            return true;
        }
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0
                && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            // That version knows no such header: a proxy that goes by it sees another end of the request.
            Response.writeError(request, response, callback, 400);
            return true;
        }
        boolean plain = !"HEAD".equals(request.getMethod())
                && IGNORED.stream().noneMatch(request.getHeaders()::contains);
        return super.handle(plain ? request : new Plain(request), response, callback);
    }

    /** HEAD is handled as GET; Jetty then leaves the body away. */
    private static final class Plain extends Request.Wrapper {

        private final HttpFields headers;

        Plain(Request request) {
            super(request);
            if ("HEAD".equals(request.getMethod())) {
                setAttribute(HEAD, true);
            }
            HttpFields.Mutable kept = HttpFields.build(request.getHeaders());
            IGNORED.forEach(kept::remove);
            headers = kept.asImmutable();
        }

        @Override
        public String getMethod() {
            String method = super.getMethod();
            return "HEAD".equals(method) ? "GET" : method;
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }
    }
}
